import type { Expression, Value } from './expression.ts'

/**
 * A type of the file as a person writes it: where the file has an expression in text, here stands
 * an {@link Expression}. The names stay what they are.
 */
export type AuthorType<Type> = unknown extends Type
  ? Type
  : Type extends `${string}\${{${string}}}${string}`
    ? Expression
    : Type extends string
      ? string extends Type
        ? string | Value
        : Type
      : Type extends number | boolean | null
        ? Type
        : { readonly [Key in keyof Type]: AuthorType<Type[Key]> }

/** Environment variables by name: how every value gets into a script. */
export interface Env {
  readonly [name: string]: Value
}

/** Values by name, or an expression that becomes such a map: expr`fromJSON(${vars('ENV')})`. */
export type MapOrExpression<Map> = Map | Expression

/** A condition: an expression, or one as text, without braces. */
export type If = Expression | string | boolean
