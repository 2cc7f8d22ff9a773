import {
  defaultProject,
  ORIGIN,
  type Origin,
  type Source,
  type StackContext,
  UserError,
} from '@erlmcp/core'
import { CalledFiles } from './called-files.ts'
import { defaultConcurrency } from './concurrency.ts'
import type { Events, Job, On, WorkflowFile } from './document.ts'
import { type Expression, written } from './expression.ts'
import { type InputSpec, refuseExpressions } from './inputs.ts'
import type { JobValue } from './job.ts'
import type { LocalOptions } from './local.ts'
import { readLock } from './lock.ts'
import { lowerJob } from './lower-job.ts'
import { addUnchecked, isFull, lowerData, lowerEnv, lowerValue, type Scope } from './scope.ts'
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
  context: StackContext,
  { local = '$/' }: LocalOptions,
): { readonly file: WorkflowFile; readonly sources: ReadonlySet<Source> } {
  const project = context.project ?? defaultProject
  const scope: Scope = {
    place: path,
    lock: readLock(context),
    project,
    folder: spec.defaults?.run?.['working-directory'] === undefined ? project.folder : '',
    local,
    called: new CalledFiles(context),
    fileOf: (called) => lowerWorkflow(called, context, {}).file,
    steps: new Set(),
    inputs: declaredInputs(spec.on),
    sources: new Set(),
  }
  const jobs = lowerJobs(spec.jobs, scope)
  const { name, description, defaults = { run: { shell: 'bash' } } } = spec
  const { concurrency = defaultConcurrency(path, spec.on) ?? false } = spec
  const file: WorkflowFile = {
    ...(name !== undefined && { name: lowerValue(name, scope, origin) }),
    ...(description !== undefined && { description: lowerValue(description, scope, origin) }),
    ...(spec['run-name'] !== undefined && {
      'run-name': lowerValue(spec['run-name'], scope, origin),
    }),
    on: lowerOn(spec.on, scope, origin, new Map(jobs)),
    permissions: addUnchecked(spec.permissions ?? {}, spec.permissions, scope, origin),
    ...(isFull(spec.env) && { env: lowerEnv(spec.env, scope, origin) }),
    ...(isFull(defaults.run) && { defaults: lowerData(defaults, scope, origin) as object }),
    ...(concurrency !== false && {
      concurrency: lowerData(concurrency, scope, origin) as { group: string },
    }),
    jobs: Object.fromEntries(jobs.map(([{ id }, node]) => [id, node])),
  }
  const whole = addUnchecked(file, spec, scope, origin)
  scope.called.rememberFor(whole)
  return { file: Object.assign(whole, { [ORIGIN]: origin }), sources: scope.sources }
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
    message: `two jobs of ${place} have the id ${value.id}`,
    hint: 'Use one job value in both places, or give one of them another id.',
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
  if (dispatch?.inputs) refuseExpressions(dispatch.inputs.spec, scope.place, origin)
  return {
    ...plain,
    ...(dispatch !== undefined && {
      workflow_dispatch: dispatch?.inputs
        ? { inputs: declared(dispatch.inputs.spec, scope, origin) }
        : null,
    }),
    ...(call !== undefined && { workflow_call: call && lowerCall(call, scope, origin, jobs) }),
  } as Events
}

/** Inputs as they are declared: always with a type, which `workflow_call` asks for. */
function declared(
  spec: { readonly [name: string]: InputSpec },
  scope: Scope,
  origin: Origin | undefined,
): object {
  const typed = Object.entries(spec).map(
    ([name, { type = 'string', ...rest }]) => [name, { ...rest, type }] as const,
  )
  return lowerData(Object.fromEntries(typed), scope, origin) as object
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
    return [name, { ...(lowerData(rest, scope, origin) as object), value: lowered }]
  })
  if (!inputs && !outputs && !secrets) return null
  return {
    ...(inputs && { inputs: declared(inputs.spec, scope, origin) }),
    ...(secrets && { secrets: lowerData(secrets, scope, origin) as object }),
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
    message: `the output ${name} of ${place} is of the job ${job.id}, which is not in it`,
    hint: 'Put the job among its jobs.',
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
