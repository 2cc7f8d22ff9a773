import {
  defaultProject,
  ORIGIN,
  type Origin,
  type Source,
  type StackContext,
  UserError,
} from '@erlmcp/core'
import { readLock } from '../actions/lock.ts'
import type { Events, Job, On, WorkflowFile } from '../document.ts'
import { tokens } from '../expression/tokenize.ts'
import { type Expression, rawExpression } from '../values/expression.ts'
import { type InputSpec, refuseExpressions } from '../values/inputs.ts'
import type { JobValue } from '../values/job.ts'
import type { LocalOptions } from '../values/local-prefix.ts'
import type { WorkflowSpec } from '../values/workflow.ts'
import { CalledFiles } from './called-files.ts'
import { defaultConcurrency } from './default-concurrency.ts'
import { renderJob } from './job.ts'
import { addUnknownKeys, isFull, renderData, renderEnv, renderValue, type Scope } from './scope.ts'

interface Written {
  readonly path: string
  readonly spec: WorkflowSpec
  readonly [ORIGIN]?: Origin | undefined
}

type AuthorType = Exclude<WorkflowSpec['on'], string | readonly string[]>

/** A workflow as it stands in the file, and the sources of the files that it uses. */
export function renderWorkflow(
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

function detailed(on: WorkflowSpec['on']): AuthorType {
  return typeof on === 'object' && !Array.isArray(on) ? (on as AuthorType) : {}
}

function declaredInputs(on: WorkflowSpec['on']): ReadonlySet<object> {
  const { workflow_call: call, workflow_dispatch: dispatch } = detailed(on)
  return new Set([call?.inputs?.spec, dispatch?.inputs?.spec].filter((one) => one !== undefined))
}

/** Jobs in the order in which they can run, each lowered once. */
function renderJobs(values: readonly JobValue[], scope: Scope): [JobValue, Job][] {
  const done = new Map<string, JobValue>()
  const rendered: [JobValue, Job][] = []
  const visit = (value: JobValue): void => {
    const known = done.get(value.id.toLowerCase())
    if (known === value) return
    if (known !== undefined) throw clash(value, scope)
    done.set(value.id.toLowerCase(), value)
    const needs = new Set<JobValue>()
    const node = renderJob(value, { ...scope, needs })
    for (const need of needs) visit(need)
    rendered.push([value, node])
  }
  for (const value of values) visit(value)
  return rendered
}

function clash(value: JobValue, { place }: Scope): UserError {
  return new UserError({
    message: `two jobs of ${place} have the id ${value.id}`,
    hint: 'Use one job value in both places, or give one of them another id.',
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
  const { workflow_call: call, workflow_dispatch: dispatch, ...events } = detailed(on)
  const plain = renderData(events, scope, origin) as Events
  if (dispatch?.inputs) refuseExpressions(dispatch.inputs.spec, scope.place, origin)
  return {
    ...plain,
    ...(dispatch !== undefined && {
      workflow_dispatch: dispatch?.inputs
        ? { inputs: declared(dispatch.inputs.spec, scope, origin) }
        : null,
    }),
    ...(call !== undefined && { workflow_call: call && renderCall(call, scope, origin, jobs) }),
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
  return renderData(Object.fromEntries(typed), scope, origin) as object
}

function renderCall(
  { inputs, outputs, secrets }: NonNullable<AuthorType['workflow_call']>,
  scope: Scope,
  origin: Origin | undefined,
  jobs: ReadonlyMap<JobValue, Job>,
): object | null {
  const entries = Object.entries(outputs ?? {}).map(([name, { value, ...rest }]) => {
    const needs = new Set<JobValue>()
    const rendered = renderValue(asJobs(value), { ...scope, needs }, origin)
    const missing = [...needs].find((one) => !jobs.has(one))
    if (missing) throw notHere(name, missing, scope, origin)
    return [name, { ...(renderData(rest, scope, origin) as object), value: rendered }]
  })
  if (!inputs && !outputs && !secrets) return null
  return {
    ...(inputs && { inputs: declared(inputs.spec, scope, origin) }),
    ...(secrets && { secrets: renderData(secrets, scope, origin) as object }),
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
  return rawExpression(out, references)
}
