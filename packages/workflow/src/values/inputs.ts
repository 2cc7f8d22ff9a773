import {
  ORIGIN,
  type Origin,
  originOf,
  type Schema,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { expressionValue } from '../schema/scalars.ts'
import { type Expression, isExpression, rawExpression } from './expression.ts'
import { validateId } from './id.ts'

/** A declared input: of a reusable workflow, of a dispatch, of an action. */
export interface InputSpec {
  readonly description?: string
  /** Default: `string`. Inputs of an action are always text. */
  readonly type?: 'string' | 'boolean' | 'number' | 'choice' | 'environment'
  readonly required?: boolean
  /**
   * Value where none is given. An expression in a reusable workflow (`github`, `inputs`, `vars`) or
   * an action (`github`, `job`, `matrix`, `runner`, `strategy`); a dispatch takes no expression.
   */
  readonly default?: string | number | boolean | Expression
  /** What can be chosen, for `choice`, which only a dispatch has. */
  readonly options?: readonly string[]
}

const { any, boolean, list, map, number, object, string, union } = schema

const inputSchema: Schema = object<InputSpec>({
  description: string,
  type: string,
  required: boolean,
  default: union(string, number, boolean, expressionValue),
  options: list(any),
})

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
 * @throws UserError for an invalid name, an unknown key, and for `${{` in text that GitHub does not
 * evaluate
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
  validateOptions('inputs(…)', spec, map(inputSchema), origin)
  for (const [name, input] of Object.entries<InputSpec>(spec)) validateTexts(name, input, origin)
  const reference = { kind: 'inputs', value: spec } as const
  const value = Object.keys(spec).map((name) => [
    name,
    rawExpression(`inputs.${validateId('input', name, origin)}`, [reference]),
  ])
  return Object.freeze({
    kind: 'inputs',
    spec,
    value: Object.freeze(Object.fromEntries(value)) as InputsValue<Name>['value'],
    [ORIGIN]: origin,
  })
}

/** GitHub evaluates none of the texts of an input, and rejects a file with an expression in one. */
function validateTexts(name: string, input: InputSpec, origin: Origin): void {
  const { description, default: given, options = [], type } = input
  const texts = { description, default: given, type, options }
  for (const [key, value] of Object.entries(texts)) {
    const raw = [value].flat().find((one) => typeof one === 'string' && one.includes('${{'))
    if (raw === undefined) continue
    throw new UserError({
      message: `the ${key} of input ${name} takes no expression, got ${JSON.stringify(raw)}`,
      hint:
        key === 'default'
          ? 'Write the default as expr`…`, in a reusable workflow or an action.'
          : 'Write the text itself, without ${{.',
      origin,
    })
  }
}

/** @throws UserError for an expression in a dispatch */
export function validateDispatchDefaults(
  spec: { readonly [name: string]: InputSpec },
  place: string,
  origin: Origin | undefined,
): void {
  const [name] = Object.entries(spec).find(([, one]) => isExpression(one.default)) ?? []
  if (name === undefined) return
  throw new UserError({
    message: `the default of input ${name} of ${place} is an expression, and workflow_dispatch takes none`,
    hint: 'Write the value itself, or use `inputs.… || …` where the input is read.',
    origin,
  })
}
