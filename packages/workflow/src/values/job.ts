import { ORIGIN, type Origin, originOf, type Schema, validateOptions } from '@erlmcp/core'
import type { Pin } from '../actions/pin.ts'
import type { CallSpec, JobSpec } from '../schema/author.gen.ts'
import { authorSchema } from '../schema/author-schema.ts'
import { callJob, stepsJob } from '../schema/job.ts'
import { type Expression, rawExpression } from './expression.ts'
import { validateId } from './id.ts'
import type { JobValue, WorkflowValue } from './value-types.ts'

/** A workflow that can be called: one of this stack, one of this repository, or a pinned one. */
export type Callable<Input extends string = string, Output extends string = string> =
  | WorkflowValue<Input, Output>
  | Pin
  | `./.github/workflows/${string}`
  | `$/.github/workflows/${string}`

/**
 * A job. Its defaults are safe: it is cancelled after 30 minutes, and its token has no permissions
 * but those to read what its steps are known to read.
 *
 * @throws UserError for an invalid id, and for every unknown or invalid key
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobs
 * @example
 * const build = job('build', {
 *   'runs-on': 'ubuntu-24.04',
 *   steps: [uses('actions/checkout'), run('make')],
 * })
 */
export function job<const Output extends string = never>(
  id: string,
  spec: JobSpec<Output>,
): JobValue<Output> {
  const origin = originOf(job)
  validateJob(id, spec, authorSchema(stepsJob), origin)
  return createJob(id, spec, undefined, Object.keys(spec.outputs ?? {}), origin)
}

/**
 * A job that is another workflow.
 *
 * @throws UserError for an invalid id, and for every unknown or invalid key
 * @example
 * call('scan', scan, { needs: [build], with: { digest: build.outputs.digest } })
 */
export function call<Input extends string = string, Output extends string = never>(
  id: string,
  called: Callable<Input, Output>,
  spec: CallSpec<NoInfer<Input>> = {},
): JobValue<Output> {
  const origin = originOf(call)
  validateJob(id, spec, authorSchema(callJob), origin)
  const outputs = typeof called === 'object' && called.kind === 'workflow' ? called.outputs : []
  return createJob(id, spec, called, outputs, origin)
}

function validateJob(id: string, spec: unknown, schema: Schema, origin: Origin): void {
  validateId('job', id, origin)
  validateOptions(`job ${id}`, spec, schema, origin)
}

function createJob<Output extends string>(
  id: string,
  spec: object,
  called: string | object | undefined,
  outputs: readonly string[],
  origin: Origin,
): JobValue<Output> {
  const reference = { kind: 'job' as const, id, value: {} as object }
  const of = (path: string): Expression => rawExpression(`needs.${id}.${path}`, [reference])
  const entries = outputs.map((name) => [name, of(`outputs.${validateId('output', name, origin)}`)])
  const value: JobValue<Output> = {
    kind: 'job',
    id,
    spec: Object.freeze(spec),
    called,
    outputs: Object.freeze(Object.fromEntries(entries)) as JobValue<Output>['outputs'],
    result: of('result'),
    [ORIGIN]: origin,
  }
  reference.value = value
  return Object.freeze(value)
}
