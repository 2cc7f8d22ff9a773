/** Text with an expression in it: `${{ inputs.target }}`. */
export type ExpressionText = `${string}\${{${string}}}${string}`

/** Text as GitHub reads it: a number or a switch becomes text; nothing is the empty text. */
export type Text = string | number | boolean | null

/** A number, or an expression that becomes one. */
export type NumberLike = number | ExpressionText

/** `true`, `false`, or an expression that becomes one. */
export type BooleanLike = boolean | ExpressionText

/** An expression, with or without its braces; `true` and `false` are expressions too. */
export type Condition = string | boolean | number | null

/** One text or several. */
export type OneOrMore<Type> = Type | readonly Type[]

/** Environment variables (workflow syntax, "env"). A later, inner map wins. */
export type Variables = { readonly [name: string]: Text } | ExpressionText | null
