import { ORIGIN, type Origin, type ProjectContext, type Source, UserError } from '@erlmcp/core'
import { eventsOf } from './check-on.ts'
import type { Events, Job, On, PermissionMap, WorkflowFile } from './document.ts'
import { type Expression, written } from './expression.ts'
import type { InputSpec } from './inputs.ts'
import type { JobSpec, JobValue } from './job.ts'
import type { Lock } from './lock.ts'
import { lowerJob } from './lower-job.ts'
import { readBy } from './lower-step.ts'
import { lowerData, lowerEnv, lowerValue, type Scope } from './scope.ts'
import { tokens } from './syntax/tokens.ts'
import type { WorkflowSpec } from './workflow.ts'

interface Written {
  readonly path: string
  readonly spec: WorkflowSpec
  readonly [ORIGIN]?: Origin | undefined
}

type Authored = Exclude<WorkflowSpec['on'], string | readonly string[]>

/** A workflow as it stands in the file, and the sources of the files that it uses. */
export function lowerWorkflow(
  { path, spec, [ORIGIN]: origin }: Written,
  lock: Lock,
  project: ProjectContext,
): { readonly file: WorkflowFile; readonly sources: ReadonlySet<Source> } {
  const scope: Scope = {
    place: path,
    lock,
    project,
    folder: spec.defaults?.run['working-directory'] === undefined ? project.folder : '',
    steps: new Set(),
    inputs: declaredInputs(spec.on),
    sources: new Set(),
  }
  const jobs = lowerJobs(spec.jobs, scope)
  const { name, description, defaults = { run: { shell: 'bash' } } } = spec
  const concurrency = concurrencyOf(spec)
  const file: WorkflowFile = {
    ...(name !== undefined && { name: lowerValue(name, scope, origin) }),
    ...(description !== undefined && { description: lowerValue(description, scope, origin) }),
    ...(spec['run-name'] !== undefined && {
      'run-name': lowerValue(spec['run-name'], scope, origin),
    }),
    on: lowerOn(spec.on, scope, origin, new Map(jobs)),
    permissions: spec.permissions ?? {},
    ...(spec.env && { env: lowerEnv(spec.env, scope, origin) }),
    defaults: lowerData(defaults, scope, origin) as object,
    ...(concurrency && {
      concurrency: lowerData(concurrency, scope, origin) as { group: string },
    }),
    jobs: Object.fromEntries(jobs.map(([{ id }, node]) => [id, node])),
  }
  return { file: Object.assign(file, { [ORIGIN]: origin }), sources: scope.sources }
}

const perBranch = {
  group: written('github.workflow'),
  'cancel-in-progress': written("github.event_name == 'pull_request'"),
}

function concurrencyOf({ concurrency, on }: WorkflowSpec): object | false {
  if (concurrency !== undefined) return concurrency
  if (eventsOf(on).includes('workflow_call')) return false
  const group = { kind: 'text', parts: [perBranch.group, '-', written('github.ref')] }
  return { ...perBranch, group }
}

function detailed(on: WorkflowSpec['on']): Authored {
  return typeof on === 'object' && !Array.isArray(on) ? (on as Authored) : {}
}

function declaredInputs(on: WorkflowSpec['on']): ReadonlySet<object> {
  const { workflow_call: call, workflow_dispatch: dispatch } = detailed(on)
  return new Set([call?.inputs?.spec, dispatch?.inputs?.spec].filter((one) => one !== undefined))
}

/** Jobs in the order in which they can run, each lowered once. */
function lowerJobs(values: readonly JobValue[], scope: Scope): [JobValue, Job][] {
  const done = new Map<string, JobValue>()
  const lowered: [JobValue, Job][] = []
  const visit = (value: JobValue): void => {
    const known = done.get(value.id.toLowerCase())
    if (known === value) return
    if (known !== undefined) throw clash(value, scope)
    done.set(value.id.toLowerCase(), value)
    const needs = new Set<JobValue>()
    const node = lowerJob(value, { ...scope, needs })
    for (const need of needs) visit(need)
    lowered.push([value, node])
  }
  for (const value of values) visit(value)
  return lowered
}

function clash(value: JobValue, { place }: Scope): UserError {
  return new UserError({
    what: `two jobs of ${place} have the id ${value.id}`,
    help: 'Use one job value in both places, or give one of them another id.',
    origin: value[ORIGIN],
  })
}

function lowerOn(
  on: WorkflowSpec['on'],
  scope: Scope,
  origin: Origin | undefined,
  jobs: ReadonlyMap<JobValue, Job>,
): On {
  if (typeof on === 'string' || Array.isArray(on)) return on as On
  const { workflow_call: call, workflow_dispatch: dispatch, ...events } = detailed(on)
  const plain = lowerData(events, scope, origin) as Events
  return {
    ...plain,
    ...(dispatch !== undefined && {
      workflow_dispatch: dispatch?.inputs ? { inputs: declared(dispatch.inputs.spec) } : null,
    }),
    ...(call !== undefined && { workflow_call: call && lowerCall(call, scope, origin, jobs) }),
  } as Events
}

/** Inputs as they are declared: always with a type, which `workflow_call` asks for. */
function declared(spec: { readonly [name: string]: InputSpec }): object {
  return Object.fromEntries(
    Object.entries(spec).map(([name, { type = 'string', ...rest }]) => [name, { ...rest, type }]),
  )
}

function lowerCall(
  { inputs, outputs, secrets }: NonNullable<Authored['workflow_call']>,
  scope: Scope,
  origin: Origin | undefined,
  jobs: ReadonlyMap<JobValue, Job>,
): object | null {
  const entries = Object.entries(outputs ?? {}).map(([name, { value, ...rest }]) => {
    const needs = new Set<JobValue>()
    const lowered = lowerValue(asJobs(value), { ...scope, needs }, origin)
    const missing = [...needs].find((one) => !jobs.has(one))
    if (missing) throw notHere(name, missing, scope, origin)
    return [name, { ...rest, value: lowered }]
  })
  if (!inputs && !outputs && !secrets) return null
  return {
    ...(inputs && { inputs: declared(inputs.spec) }),
    ...(secrets && { secrets }),
    ...(outputs && { outputs: Object.fromEntries(entries) }),
  }
}

function notHere(
  name: string,
  job: JobValue,
  { place }: Scope,
  origin: Origin | undefined,
): UserError {
  return new UserError({
    what: `the output ${name} of ${place} is of the job ${job.id}, which is not in it`,
    help: 'Put the job among its jobs.',
    origin,
  })
}

/** In outputs of a workflow, jobs are not called needs (Contexts reference, "jobs context"). */
function asJobs({ code, references }: Expression): Expression {
  const all = tokens(code)
  let out = ''
  let at = 0
  for (const [index, token] of all.entries()) {
    const isNeeds = token.lexeme === 'needs' && all[index - 1]?.lexeme !== '.'
    out += code.slice(at, token.at) + (isNeeds ? 'jobs' : token.lexeme)
    at = token.at + token.lexeme.length
  }
  return written(out, references)
}

/** What jobs ask of the token, together. */
export function permissionsOf(jobs: readonly JobValue[]): PermissionMap {
  const all: Record<string, string> = {}
  const seen = new Set<JobValue>()
  const visit = (job: JobValue): void => {
    if (seen.has(job)) return
    seen.add(job)
    for (const [scope, access] of Object.entries(asked(job))) {
      if (all[scope] !== 'write') all[scope] = access as string
    }
    for (const need of job.spec.needs ?? []) visit(need)
  }
  for (const job of jobs) visit(job)
  return all as PermissionMap
}

function asked({ spec, called }: JobValue): PermissionMap {
  if (spec.permissions) return spec.permissions
  if (called === undefined) return readBy((spec as JobSpec).steps)
  return typeof called === 'object' && called.kind === 'workflow' ? called.permissions : {}
}
