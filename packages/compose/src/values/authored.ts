import type { Interpolation } from './interpolation.ts'

/**
 * A type of the file as a person writes it: text, numbers and switches may also be a variable of
 * the environment. The names stay what they are.
 */
export type Authored<Type> = unknown extends Type ? Type : Scalar<Type>

type Scalar<Type> = Type extends string | number | boolean
  ? Type | Interpolation
  : Type extends null
    ? Type
    : { readonly [Key in keyof Type]: Authored<Type[Key]> }
