import { formatValue, type Origin, originOf, UserError } from '@erlmcp/core'
import type { Arg } from '../schema/document.gen.ts'
import type { Template, Text, Variable } from '../schema/text.ts'

/** What a reference does when its variable is unset, or how it cuts the value. At most one. */
export interface RefOptions {
  /** `${NAME:-…}`: this text when the variable is unset or empty. */
  readonly default?: Text
  /** `${NAME:+…}`: this text when the variable has a value, else nothing. */
  readonly alternative?: Text
  /** `${NAME:?…}`: the build fails with this message when the variable is unset or empty. */
  readonly required?: Text
  /** `${NAME#…}`: without the shortest prefix that matches the shell pattern. */
  readonly withoutPrefix?: string
  /** `${NAME%…}`: without the shortest suffix that matches the shell pattern. */
  readonly withoutSuffix?: string
}

const modifiers = {
  default: ':-',
  alternative: ':+',
  required: ':?',
  withoutPrefix: '#',
  withoutSuffix: '%',
} as const

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The value of a variable of ARG or ENV, by name or by the ARG that declares it. Everything else
 * in a Dockerfile value is literal: a `$` in a string is a dollar.
 *
 * @throws UserError when the name is invalid, or two options are set
 * @example
 * const otp = arg('OTP', '28.3.1')
 * stage('builder', template`erlang:${ref(otp)}-slim`, [])
 */
export function ref(variable: string | Arg, options: RefOptions = {}): Variable {
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin: originOf(ref) })
  }
  const name = typeof variable === 'string' ? variable : (variable.args[0]?.name ?? '')
  if (!namePattern.test(name)) {
    reject(
      `invalid name of a variable ${JSON.stringify(name)}`,
      'Use letters, digits and underscores, beginning with a letter or underscore.',
    )
  }
  const given = (Object.keys(modifiers) as (keyof RefOptions)[]).filter(
    (key) => options[key] !== undefined,
  )
  const [key, second] = given
  if (second) reject(`ref(${name}) has both ${key} and ${second}`, 'Set one of them.')
  if (key === undefined) return Object.freeze({ variable: name })
  return Object.freeze({ variable: name, modifier: modifiers[key], word: options[key]! })
}

/**
 * Literal text with variables in it.
 *
 * @throws UserError for a value without a text form, such as an unset variable of `process.env`
 * @example
 * template`/opt/${ref('RELEASE')}/bin`
 */
export function template(
  literals: TemplateStringsArray,
  ...values: readonly (string | number | Variable | Template)[]
): Template {
  const parts: (string | Variable)[] = []
  const add = (part: string | Variable) => {
    const last = parts.at(-1)
    if (typeof part !== 'string') parts.push(part)
    else if (typeof last === 'string') parts[parts.length - 1] = last + part
    else if (part !== '') parts.push(part)
  }
  for (const [index, literal] of literals.entries()) {
    add(literal)
    if (index >= values.length) continue
    const value = values[index] as (typeof values)[number]
    if (typeof value === 'number') add(String(value))
    else if (isText(value)) partsOf(value).forEach(add)
    else rejectHole(value, originOf(template))
  }
  return Object.freeze({ parts: Object.freeze(parts) })
}

/**
 * The pieces of a text, in order.
 *
 * @throws UserError when it is not a text
 */
export function partsOf(text: Text): readonly (string | Variable)[] {
  if (typeof text === 'string') return text === '' ? [] : [text]
  const given = (text ?? {}) as Partial<Template & Variable>
  if (Array.isArray(given.parts)) return given.parts
  if (typeof given.variable === 'string') return [text as Variable]
  throw new UserError({
    message: `expected text, got ${formatValue(text)}`,
    hint: 'Write it in quotes, or as ref(…) or template`…`.',
  })
}

/** The text, or `undefined` where it has variables. */
export function literalOf(text: Text): string | undefined {
  const parts = partsOf(text)
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined
}

/** Every variable of a text, including those in defaults and alternatives. */
export function* variablesOf(text: Text | undefined): Iterable<Variable> {
  if (text === undefined) return
  for (const part of partsOf(text)) {
    if (typeof part === 'string') continue
    yield part
    yield* variablesOf(part.word)
  }
}

/**
 * A text of several lines without their common indentation. The first and the last line are
 * dropped where they are blank.
 *
 * @throws UserError for a value without a text form, such as an unset variable of `process.env`
 * @example
 * run(heredoc`
 *   set -eu
 *   rebar3 as prod release
 * `)
 */
export function heredoc(literals: TemplateStringsArray, ...values: readonly unknown[]): string {
  // `raw`, because backslashes are meant for the shell.
  const text = literals.raw.reduce((all, next, index) => all + formatHole(values[index - 1]) + next)
  const lines = text.replace(/^[ \t]*\n/, '').split('\n')
  if (lines.at(-1)?.trim() === '') lines.pop()
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => /^[ \t]*/.exec(line)![0].length)
  const indent = Math.min(...indents, Number.MAX_SAFE_INTEGER)
  return lines.map((line) => (line.trim() === '' ? '' : line.slice(indent))).join('\n')
}

function formatHole(value: unknown): string {
  if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value)
  return rejectHole(value, originOf(heredoc))
}

function isText(value: unknown): value is Text {
  const { parts, variable } = (value ?? {}) as { parts?: unknown; variable?: unknown }
  return typeof value === 'string' || Array.isArray(parts) || typeof variable === 'string'
}

function rejectHole(value: unknown, origin: Origin): never {
  throw new UserError({
    message: `template: expected text, a number or a variable, got ${formatValue(value)}`,
    hint: '`process.env.NAME` may be unset: add `?? …`.',
    origin,
  })
}
