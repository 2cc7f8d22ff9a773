import type { Path } from '@erlmcp/core'
import type {
  CallJob,
  RunStep,
  Step,
  StepsJob,
  UsesStep,
  WorkflowFile,
} from '../schema/document.gen.ts'

/** A step and its path. */
export interface StepPlace {
  readonly step: Step
  readonly path: Path
  readonly job: JobPlace
  /** Its index among the steps of the job; steps in parallel share one. */
  readonly position: number
}

type CallKey = 'uses' | 'with' | 'secrets'

/** A job of steps or a call: every key may be missing in a parsed file. */
type AnyJob = Omit<StepsJob, CallKey> & Partial<Pick<CallJob, CallKey>>

/** A job and its path. */
export interface JobPlace {
  readonly id: string
  readonly job: AnyJob
  readonly path: Path
  /** With those in parallel, in the order in which they start. */
  readonly steps: readonly StepPlace[]
}

const known = new WeakMap<object, readonly JobPlace[]>()

/** The jobs of a file. Invalid jobs of a parsed file are left out. */
export function jobsOf(file: WorkflowFile): readonly JobPlace[] {
  const jobs: unknown = file.jobs
  if (!isMap(jobs)) return []
  const found = known.get(jobs) ?? Object.entries(jobs).flatMap(([id, job]) => place(id, job))
  known.set(jobs, found)
  return found
}

function place(id: string, job: unknown): JobPlace[] {
  if (!isMap(job)) return []
  const steps: StepPlace[] = []
  const value = { id, job: job as unknown as JobPlace['job'], path: ['jobs', id], steps }
  const list = Array.isArray(job.steps) ? (job.steps as unknown[]) : []
  for (const [position, step] of list.entries()) {
    if (!isMap(step)) continue
    const path = ['jobs', id, 'steps', position]
    steps.push({ step: step as unknown as Step, path, job: value, position })
    const inner = Array.isArray(step.parallel) ? (step.parallel as unknown[]) : []
    for (const [index, one] of inner.entries()) {
      if (!isMap(one)) continue
      const at = [...path, 'parallel', index]
      steps.push({ step: one as unknown as Step, path: at, job: value, position })
    }
  }
  return [value]
}

/** All steps of a file. */
export function stepsOf(file: WorkflowFile): readonly StepPlace[] {
  return jobsOf(file).flatMap(({ steps }) => steps)
}

/** A step that runs a script. */
export interface RunPlace extends StepPlace {
  readonly step: RunStep & Step
  readonly script: string
}

/** All steps that run a script. */
export function runsOf(file: WorkflowFile): readonly RunPlace[] {
  return stepsOf(file).flatMap((one) =>
    typeof one.step.run === 'string'
      ? [{ ...one, step: one.step as RunStep & Step, script: one.step.run }]
      : [],
  )
}

/** A step that runs an action. */
export interface UsePlace extends StepPlace {
  readonly step: UsesStep & Step
  readonly uses: Reference
}

/** All steps that run an action. */
export function usesOf(file: WorkflowFile): readonly UsePlace[] {
  return stepsOf(file).flatMap((one) =>
    typeof one.step.uses === 'string'
      ? [{ ...one, step: one.step as UsesStep & Step, uses: referenceOf(one.step.uses) }]
      : [],
  )
}

/** What `uses` refers to. */
export interface Reference {
  readonly text: string
  readonly kind: 'action' | 'local' | 'image'
  /** `owner/repo`, or `owner/repo/path`, in lower case. */
  readonly action: string
  readonly ref: string
}

export function referenceOf(text: string): Reference {
  const kind = /^[.$]\//.test(text) ? 'local' : text.startsWith('docker://') ? 'image' : 'action'
  const at = text.lastIndexOf('@')
  const [action, ref] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  return { text, kind, action: action.toLowerCase(), ref }
}

/** An input of a step. */
export function inputOf({ step }: UsePlace, name: string): unknown {
  return isMap(step.with) ? step.with[name] : undefined
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The container of a job and its services, each with its path in the job. */
export function containersOf({
  container,
  services,
}: JobPlace['job']): (readonly [Path, Readonly<Record<string, unknown>>])[] {
  const all = [
    [['container'], container] as const,
    ...Object.entries(isMap(services) ? services : {}).map(
      ([name, value]) => [['services', name], value] as const,
    ),
  ]
  return all.flatMap(([path, value]) => (isMap(value) ? [[path, value] as const] : []))
}

/** One or more texts as a list. */
export function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(
    String,
  )
}

/** The ids under `needs` of a job. */
export function needsOf(job: { readonly needs?: unknown }): readonly string[] {
  return listOf(job.needs)
}

/** The events that start a workflow, each with its filters. */
export function eventsOf({
  on,
}: WorkflowFile): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  if (!isMap(on)) return new Map(listOf(on).map((name) => [name, {}]))
  return new Map(Object.entries(on).map(([name, value]) => [name, isMap(value) ? value : {}]))
}
