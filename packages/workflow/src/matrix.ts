import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import { type Expression, type Value, written } from './expression.ts'
import { checkId } from './name.ts'

/** Values of a matrix: each makes one more job, or one more for every other key's value. */
type Cell = Value | { readonly [key: string]: Cell } | readonly Cell[]

/** What the values of a matrix are written as. */
export interface MatrixSpec {
  readonly [key: string]: readonly Cell[]
}

type Entries = readonly { readonly [key: string]: Cell }[]
type KeysOf<List> = List extends readonly (infer Entry)[] ? keyof Entry & string : never

/** A key of the matrix, or one that `include` adds. */
export type MatrixKey<Spec> =
  | Exclude<keyof Spec & string, 'include' | 'exclude'>
  | (Spec extends { readonly include: infer List } ? KeysOf<List> : never)

/** A matrix as a value; `each` has what differs from job to job. */
export interface MatrixValue<Key extends string = string> {
  readonly kind: 'matrix'
  readonly spec: MatrixSpec
  readonly each: { readonly [Name in Key]: Expression }
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A job for every combination of values.
 *
 * @throws UserError for a key that cannot be one
 * @example
 * const versions = matrix({ otp: ['27.3', '28.3'] })
 * job('test', {
 *   strategy: { matrix: versions },
 *   steps: [run('make test OTP="$OTP"', { env: { OTP: versions.each.otp } })],
 *   …
 * })
 */
export function matrix<
  const Spec extends MatrixSpec & { readonly include?: Entries; readonly exclude?: Entries },
>(spec: Spec): MatrixValue<MatrixKey<Spec>> {
  const origin = originOf(matrix)
  const reference = { kind: 'matrix', value: spec } as const
  const { include = [], exclude: _, ...axes } = spec as MatrixSpec
  const keys = [...Object.keys(axes), ...include.flatMap((entry) => Object.keys(entry as object))]
  const each = keys.map((key) => [
    key,
    written(`matrix.${checkId('matrix value', key, origin)}`, [reference]),
  ])
  return Object.freeze({
    kind: 'matrix',
    spec,
    each: Object.freeze(Object.fromEntries(each)),
    [ORIGIN]: origin,
  })
}
