import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import { type Expression, isExpression, rawExpression, type Value } from './expression.ts'
import { validateId } from './id.ts'

/** A value of a matrix. */
type Cell = Value | { readonly [key: string]: Cell } | readonly Cell[]

/** The values of each key, or an expression that becomes a list of them. */
export interface MatrixSpec {
  readonly [key: string]: readonly Cell[] | Expression
}

/** Combinations to add or to exclude. */
type Entries = readonly ({ readonly [key: string]: Cell } | Expression)[] | Expression

type KeysOfEntry<Entry> = Entry extends Expression
  ? string
  : Entry extends unknown
    ? keyof Entry & string
    : never

type KeysOf<List> = List extends readonly (infer Entry)[] ? KeysOfEntry<Entry> : string

/** A key of the matrix or of `include`; any key where an expression adds them. */
export type MatrixKey<Spec> =
  | Exclude<keyof Spec & string, 'include' | 'exclude'>
  | (Spec extends { readonly include: infer List } ? KeysOf<List> : never)

/** The given keys, or any. */
type Named<Known extends string, Key extends string> = [Key] extends [never]
  ? Known
  : Key | (string extends Known ? never : Known)

/** A matrix as a value; `each` has the values of the job. */
export interface MatrixValue<Key extends string = string> {
  readonly kind: 'matrix'
  readonly spec: MatrixSpec | Expression
  readonly each: { readonly [Name in Key]: Expression }
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A job for every combination of values.
 *
 * @param keys that an expression adds, such as an output of an earlier job. Without them `each` has
 *   any key
 * @throws UserError for an invalid key
 * @example
 * const versions = matrix({ otp: ['27.3', '28.3'] })
 * job('test', {
 *   strategy: { matrix: versions },
 *   steps: [run('make test OTP="$OTP"', { env: { OTP: versions.each.otp } })],
 *   …
 * })
 * const found = matrix(expr`fromJSON(${plan.outputs.matrix})`, ['otp', 'os'])
 */
export function matrix<const Key extends string = string>(
  from: Expression,
  keys?: readonly Key[],
): MatrixValue<Key>
export function matrix<
  const Spec extends MatrixSpec & { readonly include?: Entries; readonly exclude?: Entries },
  const Key extends string = never,
>(spec: Spec, keys?: readonly Key[]): MatrixValue<Named<MatrixKey<Spec>, Key>>
export function matrix(spec: MatrixSpec | Expression, given: readonly string[] = []): MatrixValue {
  const origin = originOf(matrix)
  const of = (key: string) =>
    rawExpression(`matrix.${validateId('matrix value', key, origin)}`, [
      { kind: 'matrix', value: spec },
    ])
  const keys = keysOf(spec)
  const names = new Set([...keys.names, ...given])
  const each = Object.fromEntries([...names].map((key) => [key, of(key)]))
  return Object.freeze({
    kind: 'matrix',
    spec,
    each: keys.open && given.length === 0 ? withAnyKey(each, of) : Object.freeze(each),
    [ORIGIN]: origin,
  })
}

/** The known keys, and whether there may be others. */
function keysOf(spec: MatrixSpec | Expression): { names: Set<string>; open: boolean } {
  if (isExpression(spec)) return { names: new Set(), open: true }
  const { include = [], exclude: _, ...axes } = spec
  const entries = isExpression(include) ? [include] : include
  const known = entries.filter((entry) => !isExpression(entry))
  const names = [axes, ...known].flatMap((entry) => Object.keys(entry as object))
  return { names: new Set(names), open: known.length < entries.length }
}

function withAnyKey(
  each: Readonly<Record<string, Expression>>,
  of: (key: string) => Expression,
): Readonly<Record<string, Expression>> {
  return new Proxy(each, {
    get: (known, key) =>
      typeof key === 'string' ? (Object.hasOwn(known, key) ? known[key] : of(key)) : undefined,
  })
}
