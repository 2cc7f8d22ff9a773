import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import { type Expression, written } from './expression.ts'
import { checkId } from './name.ts'

/** An input as it is declared: of a reusable workflow, of a run that a person starts, of an action. */
export interface InputSpec {
  readonly description?: string
  /** Default: `string`. An action's inputs are always text. */
  readonly type?: 'string' | 'boolean' | 'number' | 'choice' | 'environment'
  readonly required?: boolean
  readonly default?: string | number | boolean
  /** What can be chosen, for `choice`, which only a run that a person starts has. */
  readonly options?: readonly string[]
}

/** Inputs as a value; `value` has what was given. */
export interface InputsValue<Name extends string = string> {
  readonly kind: 'inputs'
  readonly spec: { readonly [Key in Name]: InputSpec }
  readonly value: { readonly [Key in Name]: Expression }
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * The inputs of a workflow or a composite action.
 *
 * @throws UserError for a name that cannot be one
 * @example
 * const given = inputs({ target: { type: 'choice', options: ['staging', 'production'] } })
 * workflow('.github/workflows/deploy.yml', {
 *   on: { workflow_dispatch: { inputs: given } },
 *   jobs: [job('deploy', { steps: [run('deploy "$TARGET"', { env: { TARGET: given.value.target } })], … })],
 * })
 */
export function inputs<const Name extends string>(
  spec: {
    readonly [Key in Name]: InputSpec
  },
): InputsValue<Name> {
  const origin = originOf(inputs)
  const reference = { kind: 'inputs', value: spec } as const
  const value = Object.keys(spec).map((name) => [
    name,
    written(`inputs.${checkId('input', name, origin)}`, [reference]),
  ])
  return Object.freeze({
    kind: 'inputs',
    spec,
    value: Object.freeze(Object.fromEntries(value)) as InputsValue<Name>['value'],
    [ORIGIN]: origin,
  })
}
