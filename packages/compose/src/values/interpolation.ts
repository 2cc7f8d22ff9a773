import { ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import { quoted, typescriptOf } from './typescript-of.ts'

/** One variable of the environment that a file is read with. */
export interface Variable {
  readonly name: string
  /** What stands there: a default, an error when empty, or a text when it is not empty. */
  readonly mode: 'default' | 'required' | 'alternate'
  /** The default, the error's message, or the text. */
  readonly operand: Interpolation | string
  /** For `.env.example`. */
  readonly description?: string | undefined
}

/**
 * Text with variables in it, filled in by `docker compose` or `docker stack deploy` when it reads
 * the file (Compose spec, "Interpolation"). Made by {@link env}, {@link required},
 * {@link whenSet} and {@link interpolate}; every other text is taken as it stands.
 */
export interface Interpolation {
  readonly kind: 'interpolation'
  readonly parts: readonly (string | Variable)[]
  readonly [ORIGIN]?: Origin | undefined
}

/** What may stand in for a variable that is not set. */
export type Default = string | number | boolean | Interpolation

export interface VariableOptions {
  /** A line for `.env.example`. */
  readonly description?: string
}

/**
 * A variable, or its default where it is unset or empty: `${NAME:-default}`.
 *
 * @param fallback Default: nothing, an empty text.
 * @throws UserError when the name is not one a shell can set (POSIX XBD 8.1).
 * @example
 * publish(env('ERLMCP_PORT', 8080, { description: 'Port for clients' }), 8080)
 */
export function env(
  name: string,
  fallback: Default = '',
  options: VariableOptions = {},
): Interpolation {
  return variable(name, 'default', fallback, options, originOf(env))
}

/**
 * A variable without which the file is refused: `${NAME:?message}`.
 *
 * @throws UserError when the name is not one a shell can set.
 * @example
 * required('DOMAIN', 'the name that clients reach it by')
 */
export function required(
  name: string,
  message: string,
  options: VariableOptions = {},
): Interpolation {
  return variable(name, 'required', message, options, originOf(required))
}

/**
 * A text where the variable is set and not empty, else nothing: `${NAME:+text}`.
 *
 * @throws UserError when the name is not one a shell can set.
 * @example
 * whenSet('DEBUG', '--verbose')
 */
export function whenSet(name: string, text: Default, options: VariableOptions = {}): Interpolation {
  return variable(name, 'alternate', text, options, originOf(whenSet))
}

/**
 * Text with variables in it. What stands in the template itself is literal: a `$` is a dollar.
 *
 * @example
 * service('cache', { image: interpolate`redis:${env('REDIS_TAG', '8-trixie')}` })
 */
export function interpolate(text: TemplateStringsArray, ...values: Default[]): Interpolation {
  const parts: (string | Variable)[] = []
  for (const [index, literal] of text.entries()) {
    if (literal !== '') parts.push(literal)
    const value = values[index]
    if (isInterpolation(value)) parts.push(...value.parts)
    else if (index < values.length) parts.push(textOf(value, originOf(interpolate)))
  }
  return make(parts, originOf(interpolate))
}

/** The text of a value that is put into another one: `undefined` has none, nor has an object. */
function textOf(value: unknown, origin: Origin): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new UserError({
    message: `interpolate was given ${value === undefined ? 'undefined' : `a value of type ${typeof value}`}`,
    hint: 'Give text, a number or a variable; `process.env.NAME` may be unset: add `?? …`.',
    origin,
  })
}

/** Whether a value is text with variables. */
export function isInterpolation(value: unknown): value is Interpolation {
  // As `isMade`, but asked of every node of a file.
  if (typeof value !== 'object' || (value as Interpolation | null)?.kind !== 'interpolation')
    return false
  return ORIGIN in value!
}

// The names that both Compose's and the docker CLI's patterns take.
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/

function variable(
  name: string,
  mode: Variable['mode'],
  operand: Default,
  { description }: VariableOptions,
  origin: Origin,
): Interpolation {
  if (!namePattern.test(name)) {
    throw new UserError({
      message: `${JSON.stringify(name)} cannot name a variable`,
      hint: 'Use letters, digits and underscores, and do not begin with a digit.',
      origin,
    })
  }
  const part = { name, mode, operand: isInterpolation(operand) ? operand : String(operand) }
  return make([Object.freeze({ ...part, description })], origin)
}

function make(parts: readonly (string | Variable)[], origin: Origin): Interpolation {
  return Object.freeze({
    kind: 'interpolation' as const,
    parts: Object.freeze(parts),
    [ORIGIN]: origin,
    // `${env('A')}` in an ordinary template would silently say [object Object].
    [Symbol.toPrimitive](): never {
      throw new UserError({
        message: 'a variable of the environment has no text yet',
        hint: 'Write interpolate`…${env(…)}…` instead of `…${env(…)}…`.',
        origin,
      })
    },
  })
}

/** Text as it stands in a file so that it is read as itself: `$` is `$$`. */
export function literalText(text: string): string {
  return text.includes('$') ? text.replaceAll('$', '$$$$') : text
}

/**
 * Text with variables as it stands in a file.
 *
 * @throws UserError for a default or message that the syntax cannot hold.
 */
export function interpolationText({ parts, [ORIGIN]: origin }: Interpolation): string {
  return parts
    .map((part) => (typeof part === 'string' ? literalText(part) : variableText(part, origin)))
    .join('')
}

const operators = { default: ':-', required: ':?', alternate: ':+' }

function variableText({ name, mode, operand }: Variable, origin: Origin | undefined): string {
  if (mode === 'default' && operand === '') return `\${${name}:-}`
  return `\${${name}${operators[mode]}${operandText(name, mode, operand, origin)}}`
}

function operandText(
  name: string,
  mode: Variable['mode'],
  operand: Variable['operand'],
  origin: Origin | undefined,
): string {
  const literals = isInterpolation(operand)
    ? operand.parts.filter((part) => typeof part === 'string')
    : [operand]
  // A brace would end the expression or open another, a message is not read for `$$`, and
  // docker takes a line break for the end.
  const bad = mode === 'required' ? /[{}$\n\r]/ : /[{}\n\r]/
  if (literals.some((literal) => bad.test(literal))) {
    throw new UserError({
      message: `the ${mode === 'required' ? 'message' : 'default'} of \${${name}} has a brace${
        mode === 'required' ? ', a dollar' : ''
      } or a line break, which an interpolation cannot hold`,
      hint: nested(name, operand) ?? 'Leave it out, or set the whole value by the variable.',
      origin,
    })
  }
  return isInterpolation(operand) ? interpolationText(operand) : literalText(operand)
}

/** How a variable is the default of another one. */
function nested(name: string, operand: Variable['operand']): string | undefined {
  const code = typeof operand === 'string' ? typescriptOf(operand) : undefined
  return code && `A dollar is literal here: write ${quoted(`env('${name}', ${code})`)}.`
}
