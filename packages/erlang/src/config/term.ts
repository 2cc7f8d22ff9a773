import type { OsVariable } from './os-variable.ts'

/**
 * An Erlang term of a configuration file. A string is an Erlang string (a list of characters), a whole
 * number an integer, any other number a float, a boolean the atom of its name, an array a list. Create
 * other terms with `atom`, `tuple`, `binary`, `float`, `map`, `proplist`, `fun` and `improperList`.
 */
export type Term =
  | string
  | number
  | bigint
  | boolean
  | readonly Term[]
  | Atom
  | Binary
  | Float
  | Tuple
  | ErlangMap
  | Fun
  | ImproperList
  | OsVariable

export interface Atom {
  readonly term: 'atom'
  readonly name: string
}

export interface Binary {
  readonly term: 'binary'
  readonly bytes: Uint8Array
}

export interface Float {
  readonly term: 'float'
  readonly value: number
}

export interface Tuple {
  readonly term: 'tuple'
  readonly elements: readonly Term[]
}

export interface ErlangMap {
  readonly term: 'map'
  readonly pairs: readonly (readonly [Term, Term])[]
}

export interface Fun {
  readonly term: 'fun'
  readonly module: string
  readonly function: string
  readonly arity: number
}

/** A list whose tail is not a list. */
export interface ImproperList {
  readonly term: 'improper list'
  readonly elements: readonly Term[]
  readonly tail: Term
}

/**
 * An atom. Printed with quotes where Erlang needs them.
 *
 * @param name at most 255 characters (Erlang Reference Manual, "Data Types: Atom")
 * @example atom('info') // info
 * @example atom('Hello World') // 'Hello World'
 */
export function atom(name: string): Atom {
  return Object.freeze({ term: 'atom' as const, name })
}

/**
 * A tuple of any size.
 *
 * @example tuple(127, 0, 0, 1) // {127,0,0,1}
 */
export function tuple(...elements: readonly Term[]): Tuple {
  return Object.freeze({ term: 'tuple' as const, elements: Object.freeze(elements) })
}

/**
 * A binary of bytes, or of a text in UTF-8.
 *
 * @example binary('grüße') // <<"grüße"/utf8>>
 */
export function binary(content: string | Uint8Array): Binary {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice()
  return Object.freeze({ term: 'binary' as const, bytes })
}

/**
 * A float, also of a whole number.
 *
 * @example float(1) // 1.0
 */
export function float(value: number): Float {
  return Object.freeze({ term: 'float' as const, value })
}

/**
 * A map. Given as an object its keys are atoms; given as pairs they are any terms.
 *
 * @example map({ level: atom('info') }) // #{level => info}
 * @example map([[1, 'one']]) // #{1 => "one"}
 */
export function map(
  content: Readonly<Record<string, Term>> | readonly (readonly [Term, Term])[],
): ErlangMap {
  const pairs = Array.isArray(content) ? (content as ErlangMap['pairs']) : atomPairs(content)
  return Object.freeze({ term: 'map' as const, pairs: Object.freeze([...pairs]) })
}

/**
 * A property list, the usual form of Erlang configuration.
 *
 * @example proplist({ port: 8080, ip: tuple(0, 0, 0, 0) }) // [{port,8080},{ip,{0,0,0,0}}]
 */
export function proplist(content: Readonly<Record<string, Term>>): readonly Tuple[] {
  return Object.freeze(atomPairs(content).map(([key, value]) => tuple(key, value)))
}

/**
 * A function of a module.
 *
 * @param arity how many arguments it takes, 0 to 255
 * @example fun('lists', 'sort', 1) // fun lists:sort/1
 */
export function fun(module: string, name: string, arity: number): Fun {
  return Object.freeze({ term: 'fun' as const, module, function: name, arity })
}

/**
 * A list with a tail that is not a list, as some libraries use for pairs of characters.
 *
 * @example improperList([1, 2], atom('end')) // [1,2|'end']
 */
export function improperList(elements: readonly Term[], tail: Term): ImproperList {
  return Object.freeze({
    term: 'improper list' as const,
    elements: Object.freeze([...elements]),
    tail,
  })
}

function atomPairs(content: object): [Atom, Term][] {
  return Object.entries(content).map(([key, value]) => [atom(key), value as Term])
}
