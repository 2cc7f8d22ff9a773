import { formatValue } from './format-value.ts'
import type { Origin } from './origin.ts'
import { findSuggestion } from './suggestion.ts'
import { UserError } from './user-error.ts'

/** What an option may be. `a service` and the like are values whose `kind` is that word. */
type Single =
  | 'text'
  | 'a number'
  | 'true or false'
  | 'a list'
  | 'an object'
  | 'a function'
  | 'a service'
  | 'a network'
  | 'a secret'
  | 'a route'
  | 'an interpolation'
  | 'anything'

export type OptionKind = Single | `${Single}, or ${Single}`

/** What each option may be: every one of them, the compiler holds it against their type. */
export type OptionKinds<Options> = { readonly [Name in keyof Options]-?: OptionKind }

/**
 * Looks at the options of a call, where the compiler may not have: a `stack.ts` runs without being
 * type-checked, and a misspelt option would be left out without a word.
 *
 * @param subject what the options are of, as `redis cache`
 * @param required those without which there is nothing to make
 * @throws UserError for an option that is not known, missing, or of another kind
 * @example
 * checkOptions('redis cache', options, { image: 'text', appendonly: 'true or false' }, origin)
 */
export function checkOptions<Options extends object>(
  subject: string,
  options: Options,
  kinds: OptionKinds<Options>,
  origin: Origin | undefined,
  required: readonly (keyof Options & string)[] = [],
): void {
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  if (!isOfKind(options, 'an object')) {
    const names = required.length > 0 ? required : Object.keys(kinds)
    reject(
      `the options of ${subject} are ${formatValue(options)}`,
      `Give an object: { ${names.slice(0, 3).join(', ')} }.`,
    )
  }
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof Options] : undefined
    if (kind === undefined) {
      const meant = findSuggestion(name, Object.keys(kinds))
      const known = `Known are ${Object.keys(kinds).join(', ')}.`
      reject(
        `${subject} has no option ${formatValue(name)}`,
        meant === undefined ? known : `Did you mean \`${meant}\`?`,
      )
    } else if (value !== undefined && !kind.split(', or ').some((one) => isOfKind(value, one))) {
      reject(`${name} of ${subject} is ${formatValue(value)}`, `It is ${kind}.`)
    }
  }
  for (const name of required) {
    if (options[name] !== undefined) continue
    reject(`${subject} has no ${name}`, `Say it: ${name} is ${kinds[name]}.`)
  }
}

/**
 * Looks at a value that a user, or another copy of a package, may have made by hand: other keys are
 * the maker's own.
 *
 * @param subject what the value is, as `source 1 of stack shop`
 * @param required the keys without which it cannot be used
 * @throws UserError which names the key
 * @example
 * validateValue('the document a.txt', document, { path: 'text' }, ['path'], origin)
 */
export function validateValue(
  subject: string,
  value: unknown,
  kinds: Readonly<Record<string, OptionKind>>,
  required: readonly string[],
  origin: Origin | undefined,
): void {
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  const keys = required.map((key) => `${key} (${kinds[key]})`).join(', ')
  if (!isOfKind(value, 'an object')) {
    reject(`${subject}: expected an object, got ${formatValue(value)}`, `Give it ${keys}.`)
  }
  for (const [key, kind] of Object.entries(kinds)) {
    const field = (value as Readonly<Record<string, unknown>>)[key]
    if (field === undefined && !required.includes(key)) continue
    if (kind.split(', or ').some((one) => isOfKind(field, one))) continue
    reject(`${subject}: expected ${kind} as ${key}, got ${formatValue(field)}`, `Give it ${keys}.`)
  }
}

function isOfKind(value: unknown, kind: string): boolean {
  if (kind === 'anything') return true
  if (kind === 'text') return typeof value === 'string'
  if (kind === 'true or false') return typeof value === 'boolean'
  const word = kind.replace(/^an? /, '')
  if (word === 'number' || word === 'function') return typeof value === word
  if (word === 'list') return Array.isArray(value)
  if (typeof value !== 'object' || value === null) return false
  return word === 'object' ? !Array.isArray(value) : (value as { kind?: unknown }).kind === word
}
