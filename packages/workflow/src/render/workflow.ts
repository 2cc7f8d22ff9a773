import {
  defaultProject,
  ORIGIN,
  type Origin,
  type Source,
  type StackContext,
  UserError,
} from '@erlmcp/core'
import { readLock } from '../actions/lock.ts'
import { tokens } from '../expression/tokenize.ts'
import type { EventsSpec, WorkflowCallSpec, WorkflowSpec } from '../schema/author.gen.ts'
import type { Events, Job, On, WorkflowFile } from '../schema/document.gen.ts'
import { type Expression, rawExpression } from '../values/expression.ts'
import { type InputSpec, validateDispatchDefaults } from '../values/inputs.ts'
import type { LocalOptions } from '../values/local-prefix.ts'
import type { JobValue } from '../values/value-types.ts'
import { CalledFiles } from './called-files.ts'
import { defaultConcurrency } from './default-concurrency.ts'
import { renderJob } from './job.ts'
import { addUnknownKeys, isFull, renderData, renderEnv, renderValue, type Scope } from './scope.ts'

/** What a workflow value is rendered from. */
interface WorkflowSource {
  readonly path: string
  readonly spec: object
  readonly [ORIGIN]?: Origin | undefined
}

/** A workflow as the file has it, and the sources of the files that it uses. */
export function renderWorkflow(
  { path, spec: given, [ORIGIN]: origin }: WorkflowSource,
  context: StackContext,
  { local = '$/' }: LocalOptions,
): { readonly file: WorkflowFile; readonly sources: ReadonlySet<Source> } {
  const spec = given as WorkflowSpec
  const project = context.project ?? defaultProject
  const scope: Scope = {
    place: path,
    lock: readLock(context),
    project,
    folder: spec.defaults?.run?.['working-directory'] === undefined ? project.folder : '',
    local,
    called: new CalledFiles(context),
    fileOf: (called) => renderWorkflow(called, context, {}).file,
    steps: new Set(),
    inputs: declaredInputs(spec.on),
    sources: new Set(),
  }
  const jobs = renderJobs(spec.jobs, scope)
  const { name, description, defaults = { run: { shell: 'bash' } } } = spec
  const { concurrency = defaultConcurrency(path, spec.on) ?? false } = spec
  const file: WorkflowFile = {
    ...(name !== undefined && { name: renderValue(name, scope, origin) }),
    ...(description !== undefined && { description: renderValue(description, scope, origin) }),
    ...(spec['run-name'] !== undefined && {
      'run-name': renderValue(spec['run-name'], scope, origin),
    }),
    on: renderOn(spec.on, scope, origin, new Map(jobs)),
    permissions: addUnknownKeys(spec.permissions ?? {}, spec.permissions, scope, origin),
    ...(isFull(spec.env) && { env: renderEnv(spec.env, scope, origin) }),
    ...(isFull(defaults.run) && { defaults: renderData(defaults, scope, origin) as object }),
    ...(concurrency !== false && {
      concurrency: renderData(concurrency, scope, origin) as { group: string },
    }),
    jobs: Object.fromEntries(jobs.map(([{ id }, node]) => [id, node])),
  }
  const whole = addUnknownKeys(file, spec, scope, origin)
  scope.called.rememberFor(whole)
  return { file: Object.assign(whole, { [ORIGIN]: origin }), sources: scope.sources }
}

/** The events with their filters; none for events by name alone. */
function eventsOf(on: WorkflowSpec['on']): EventsSpec {
  return typeof on === 'object' && !Array.isArray(on) ? (on as EventsSpec) : {}
}

function declaredInputs(on: WorkflowSpec['on']): ReadonlySet<object> {
  const { workflow_call: call, workflow_dispatch: dispatch } = eventsOf(on)
  return new Set([call?.inputs?.spec, dispatch?.inputs?.spec].filter((one) => one !== undefined))
}

/** Jobs in the order in which they can run, each rendered once. */
function renderJobs(values: readonly JobValue[], scope: Scope): [JobValue, Job][] {
  const done = new Map<string, JobValue>()
  const rendered: [JobValue, Job][] = []
  const visit = (value: JobValue): void => {
    const known = done.get(value.id.toLowerCase())
    if (known === value) return
    if (known !== undefined) throw duplicateId(value, scope)
    done.set(value.id.toLowerCase(), value)
    const needs = new Set<JobValue>()
    const node = renderJob(value, { ...scope, needs })
    for (const need of needs) visit(need)
    rendered.push([value, node])
  }
  for (const value of values) visit(value)
  return rendered
}

function duplicateId(value: JobValue, { place }: Scope): UserError {
  return new UserError({
    message: `${place}: duplicate job id ${value.id}`,
    hint: 'Use one job value in both places, or rename one of the jobs.',
    origin: value[ORIGIN],
  })
}

function renderOn(
  on: WorkflowSpec['on'],
  scope: Scope,
  origin: Origin | undefined,
  jobs: ReadonlyMap<JobValue, Job>,
): On {
  if (typeof on === 'string' || Array.isArray(on)) return on as On
  const { workflow_call: call, workflow_dispatch: dispatch, ...events } = eventsOf(on)
  const plain = renderData(events, scope, origin) as Events
  if (dispatch?.inputs) validateDispatchDefaults(dispatch.inputs.spec, scope.place, origin)
  return {
    ...plain,
    ...(dispatch !== undefined && {
      workflow_dispatch: dispatch?.inputs
        ? { inputs: renderInputs(dispatch.inputs.spec, scope, origin) }
        : null,
    }),
    ...(call !== undefined && { workflow_call: call && renderCall(call, scope, origin, jobs) }),
  } as Events
}

/** Declared inputs, always with a type: `workflow_call` requires it. */
function renderInputs(
  spec: { readonly [name: string]: InputSpec },
  scope: Scope,
  origin: Origin | undefined,
): object {
  const typed = Object.entries(spec).map(
    ([name, { type = 'string', ...rest }]) => [name, { ...rest, type }] as const,
  )
  return renderData(Object.fromEntries(typed), scope, origin) as object
}

function renderCall(
  { inputs, outputs, secrets }: WorkflowCallSpec,
  scope: Scope,
  origin: Origin | undefined,
  jobs: ReadonlyMap<JobValue, Job>,
): object | null {
  const entries = Object.entries(outputs ?? {}).map(([name, { value, ...rest }]) => {
    const needs = new Set<JobValue>()
    const rendered = renderValue(withJobsContext(value), { ...scope, needs }, origin)
    const missing = [...needs].find((one) => !jobs.has(one))
    if (missing) throw foreignJob(name, missing, scope, origin)
    return [name, { ...(renderData(rest, scope, origin) as object), value: rendered }]
  })
  if (!inputs && !outputs && !secrets) return null
  return {
    ...(inputs && { inputs: renderInputs(inputs.spec, scope, origin) }),
    ...(secrets && { secrets: renderData(secrets, scope, origin) as object }),
    ...(outputs && { outputs: Object.fromEntries(entries) }),
  }
}

function foreignJob(
  name: string,
  job: JobValue,
  { place }: Scope,
  origin: Origin | undefined,
): UserError {
  return new UserError({
    message: `the output ${name} of ${place} is from the job ${job.id}, which is not one of its jobs`,
    hint: 'Add the job to its `jobs`.',
    origin,
  })
}

/** Outputs of a workflow refer to the `jobs` context, not to `needs` (Contexts reference). */
function withJobsContext({ code, references }: Expression): Expression {
  const all = tokens(code)
  let out = ''
  let at = 0
  for (const [index, token] of all.entries()) {
    const isNeeds = token.lexeme === 'needs' && all[index - 1]?.lexeme !== '.'
    out += code.slice(at, token.at) + (isNeeds ? 'jobs' : token.lexeme)
    at = token.at + token.lexeme.length
  }
  return rawExpression(out, references)
}
