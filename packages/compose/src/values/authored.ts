import type { Interpolation } from './interpolation.ts'

/**
 * A type of the file as the author writes it: strings, numbers and booleans may also be a variable of the
 * environment.
 */
export type Authored<Type> = unknown extends Type ? Type : Scalar<Type>

type Scalar<Type> = Type extends string | number | boolean
  ? Type | Interpolation
  : Type extends null
    ? Type
    : { readonly [Key in keyof Type]: Authored<Type[Key]> }
