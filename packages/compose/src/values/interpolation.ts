import { ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import { quoted, typescriptOf } from './typescript-of.ts'

/** One variable of the environment that a file is read with. */
export interface Variable {
  readonly name: string
  /** Whether it has a default, is required, or is replaced by a text when it is not empty. */
  readonly mode: 'default' | 'required' | 'alternate'
  /** The default, the error's message, or the text. */
  readonly operand: Interpolation | string
  /** For `.env.example`. */
  readonly description?: string | undefined
}

/**
 * Text with variables in it, filled in by `docker compose` or `docker stack deploy` when it reads
 * the file (Compose spec, "Interpolation"). Made by {@link env}, {@link required},
 * {@link whenSet} and {@link interpolate}; all other text is literal.
 */
export interface Interpolation {
  readonly kind: 'interpolation'
  readonly parts: readonly (string | Variable)[]
  readonly [ORIGIN]?: Origin | undefined
}

/** Text that may have variables. */
export type Text = string | Interpolation

/** A value for a variable that is not set. */
export type Default = string | number | boolean | Interpolation

export interface VariableOptions {
  /** A line for `.env.example`. */
  readonly description?: string
}

/**
 * A variable, or its default where it is unset or empty: `${NAME:-default}`.
 *
 * @param fallback Default: the empty string.
 * @throws UserError for a name that is not a POSIX variable name (XBD 8.1)
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
 * A required variable: `${NAME:?message}`. Where it is unset or empty, Compose fails with the message.
 *
 * @throws UserError for an invalid name
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
 * A text where the variable is set and not empty, else the empty string: `${NAME:+text}`.
 *
 * @throws UserError for an invalid name
 * @example
 * whenSet('DEBUG', '--verbose')
 */
export function whenSet(name: string, text: Default, options: VariableOptions = {}): Interpolation {
  return variable(name, 'alternate', text, options, originOf(whenSet))
}

/**
 * Text with variables. The text of the template itself is literal: a `$` is a dollar.
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

/** @throws UserError for a value without a text form, such as `undefined` */
function textOf(value: unknown, origin: Origin): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new UserError({
    message: `interpolate: expected text, a number or a variable, got ${value === undefined ? 'undefined' : `a value of type ${typeof value}`}`,
    hint: 'Check the value; `process.env.NAME` may be unset: add `?? …`.',
    origin,
  })
}

/** Whether a value is text with variables. */
export function isInterpolation(value: unknown): value is Interpolation {
  // A fast form of `isBranded`, since it is called for every node of a file.
  if (typeof value !== 'object' || (value as Interpolation | null)?.kind !== 'interpolation')
    return false
  return ORIGIN in value!
}

// The names that both Compose and the docker CLI read.
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
      message: `${JSON.stringify(name)} is not a valid variable name`,
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
    // `${env('A')}` in an untagged template would silently become [object Object].
    [Symbol.toPrimitive](): never {
      throw new UserError({
        message: 'a variable of the environment has no value yet',
        hint: 'Write interpolate`…${env(…)}…` instead of `…${env(…)}…`.',
        origin,
      })
    },
  })
}

/** Literal text as it is in a file: `$` is `$$`. */
export function literalText(text: string): string {
  return text.includes('$') ? text.replaceAll('$', '$$$$') : text
}

/**
 * Text with variables as it is in a file.
 *
 * @throws UserError for a default or message that the syntax cannot contain
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
  // A brace would end the expression or begin another one, `$$` is not unescaped in a message, and
  // docker reads a line break as the end.
  const bad = mode === 'required' ? /[{}$\n\r]/ : /[{}\n\r]/
  if (literals.some((literal) => bad.test(literal))) {
    throw new UserError({
      message: `the ${mode === 'required' ? 'message' : 'default'} of \${${name}} has a brace${
        mode === 'required' ? ', a dollar' : ''
      } or a line break, which an interpolation cannot contain`,
      hint: nested(name, operand) ?? 'Remove it, or set the whole value by the variable.',
      origin,
    })
  }
  return isInterpolation(operand) ? interpolationText(operand) : literalText(operand)
}

/** The hint for a default that is a variable itself. */
function nested(name: string, operand: Variable['operand']): string | undefined {
  const code = typeof operand === 'string' ? typescriptOf(operand) : undefined
  return code && `A dollar is literal here: write ${quoted(`env('${name}', ${code})`)}.`
}
