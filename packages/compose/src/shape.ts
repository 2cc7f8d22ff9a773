import { type Origin, UserError } from '@erlmcp/core'
import type { Form } from './form.ts'
import { meantKey } from './known-keys.ts'
import { isKnown, resolve } from './lint/model/resolve.ts'

/** What may stand under a key: how to see it, and how to say it. */
export interface Shape extends Facts {
  readonly is: (value: unknown) => boolean
  /** What is expected, after "expected". */
  readonly said: string
  /** What is wrong within a value that is not of this shape, where that can be told more closely. */
  readonly violation?: (value: unknown) => Violation | undefined
  /** What it is made of: the keys of an object, … */
  readonly keys?: ReadonlyMap<string, Shape>
  /** … of which these must be there, … */
  readonly required?: readonly string[]
  /** … the items of a list, or the values of a map, … */
  readonly items?: Shape
  /** … or one of these, … */
  readonly either?: readonly Shape[]
  /** … or of these words. */
  readonly words?: readonly string[]
}

/** What the tools know of a value beyond its type; rules read it. */
interface Facts {
  /** What its text or number must look like. */
  readonly form?: Form
  /** Which program refuses a list that says something twice; Compose drops the first of most. */
  readonly unique?: 'always' | 'swarm'
  /** The first version that knows the key, of Compose and of the engine. */
  readonly requires?: { readonly compose?: string; readonly engine?: string }
}

/** The shapes of an object's keys. */
export interface Shapes {
  readonly known: ReadonlyMap<string, Shape>
  /** Whether every key is known, but for those that begin with `x-`. */
  readonly closed: boolean
  /** Keys that must be there. */
  readonly required: readonly string[]
}

/** Where within a value something is wrong, and how to fix it. */
interface Violation {
  readonly at: readonly (string | number)[]
  readonly message: string
  readonly hint: string
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const text: Shape = { is: (value) => typeof value === 'string', said: 'text' }
/** Where Compose takes no text, so that no variable can stand there. */
export const number: Shape = { is: (value) => typeof value === 'number', said: 'a number' }
export const amount: Shape = {
  is: (value) => typeof value === 'number' || typeof value === 'string',
  said: 'a number or text',
}
export const scalar: Shape = {
  is: (value) => amount.is(value) || typeof value === 'boolean',
  said: 'text, a number or a switch',
}
/** A whole number, or text that becomes one. */
export const whole: Shape = {
  is: (value) => Number.isInteger(value) || typeof value === 'string',
  said: 'a whole number or text',
}
/** Where Compose takes no text, so that no variable can stand there. */
export const boolean: Shape = { is: (value) => typeof value === 'boolean', said: 'true or false' }
export const nothing: Shape = { is: (value) => value === null, said: 'nothing' }
export const object: Shape = { is: isObject, said: 'an object' }
export const anything: Shape = { is: () => true, said: 'anything' }

/** One of some words, also by the default of a variable. */
export const oneOf = (...words: readonly string[]): Shape => ({
  words,
  is: (value) => {
    if (typeof value !== 'string') return false
    if (words.includes(value)) return true
    const known = resolve(value)
    return value.includes('$') && (!isKnown(known) || words.includes(known))
  },
  said: words.map((word) => JSON.stringify(word)).join(', '),
})

/** The same shape, under a key that only a Compose of that version knows, or an engine. */
export const since = (compose: string, shape: Shape, engine?: string): Shape => ({
  ...shape,
  requires: { compose, ...(engine !== undefined && { engine }) },
})

/** The same shape, of which more is known. */
export const such = (shape: Shape, facts: Facts): Shape => ({ ...shape, ...facts })

// Loops and no closures: these look at everything that every service says.
export const either = (...shapes: readonly Shape[]): Shape => ({
  either: shapes,
  is: (value) => {
    for (const shape of shapes) if (shape.is(value)) return true
    return false
  },
  said: shapes.map(({ said }) => said).join(', or '),
  violation: (value) =>
    shapes.map(({ violation }) => violation?.(value)).find((violation) => violation !== undefined),
})

export const list = (item: Shape): Shape => ({
  items: item,
  is: (value) => {
    if (!Array.isArray(value)) return false
    for (const one of value) if (!item.is(one)) return false
    return true
  },
  said: `a list, each ${item.said}`,
  violation: (value) => {
    if (!Array.isArray(value)) return undefined
    const at = value.findIndex((one) => !item.is(one))
    return below(at, item, value[at])
  },
})

/** What the specification lets something of its own be named. */
export const ownName = /^[a-zA-Z0-9._-]+$/

/** An object whose keys are names. */
export const map = (item: Shape, name = /^.+$/s): Shape => ({
  items: item,
  is: (value) => {
    if (!isObject(value)) return false
    for (const key in value) if (!name.test(key) || !item.is(value[key])) return false
    return true
  },
  said: `an object of names, each ${item.said}`,
  violation: (value) => {
    if (!isObject(value)) return undefined
    const [key, one] = Object.entries(value).find(([key, one]) => !name.test(key) || !item.is(one))!
    if (name.test(key)) return below(key, item, one)
    const hint = 'Use letters, digits, dots, dashes and underscores.'
    return { at: [], message: `: invalid name ${JSON.stringify(key)}`, hint }
  },
})

// Every key of a type but extensions: the compiler holds the tables against the types.
export type Known<Type> = {
  readonly [Key in keyof Type as Key extends `x-${string}` ? never : Key]-?: Shape
}

/** The keys that a type cannot be without: the compiler holds these against the types, too. */
type Required<Type> = {
  [Key in keyof Known<Type>]: Key extends keyof Type
    ? Record<never, never> extends Pick<Type, Key>
      ? never
      : Key
    : never
}[keyof Known<Type>]

/** An object of just these keys, of which the required ones must be there. */
export const fields = <Type>(
  shapes: Known<Type>,
  ...[required]: [Required<Type>] extends [never] ? [] : [Record<Required<Type>, true>]
): Shape => {
  const inside = shapesOfKeys(shapes, { closed: true, required: Object.keys(required ?? {}) })
  return {
    keys: inside.known,
    required: inside.required,
    is: (value) => isObject(value) && misshapen(value, inside) === undefined,
    said: `an object with ${[...inside.known.keys()].join(', ')}`,
    violation: (value) => (isObject(value) ? faultIn(value, inside) : undefined),
  }
}

/** A map: a node may have any key, also one that every object has. */
export function shapesOfKeys(
  shapes: object,
  { closed = false, required = [] }: Partial<Omit<Shapes, 'known'>> = {},
): Shapes {
  return { known: new Map(Object.entries(shapes) as [string, Shape][]), closed, required }
}

/** The first key of a node that may not be there, is missing, or does not have its shape. */
function misshapen(node: object, { known, closed, required }: Shapes): string | undefined {
  for (const key in node) {
    const value = (node as Record<string, unknown>)[key]
    if (value === undefined) continue
    const shape = known.get(key)
    if (shape === undefined ? closed && !key.startsWith('x-') : !shape.is(value)) return key
  }
  for (const key of required) {
    if ((node as Record<string, unknown>)[key] === undefined) return key
  }
  return undefined
}

function faultIn(node: object, shapes: Shapes): Violation | undefined {
  const key = misshapen(node, shapes)
  if (key === undefined) return undefined
  const shape = shapes.known.get(key)
  const value = (node as Record<string, unknown>)[key]
  if (shape && value === undefined) {
    return { at: [], message: `: missing key ${key}`, hint: `Add ${key}: ${shape.said}.` }
  }
  if (shape) return below(key, shape, value)
  const names = [...shapes.known.keys()]
  const meant = meantKey(key, names)
  return {
    at: [key],
    message: ': unknown key',
    hint: meant ? `Did you mean \`${meant}\`?` : `Known are ${names.join(', ')}.`,
  }
}

/** The fault of a value under a key, as closely as it can be told. */
function below(key: string | number, { violation, said }: Shape, value: unknown): Violation {
  const inside = violation?.(value)
  if (inside) return { ...inside, at: [key, ...inside.at] }
  const message = `: expected ${said}, got ${shown(value)}`
  return { at: [key], message, hint: `Write ${said}.` }
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/**
 * Holds the keys of a node against what the Compose specification allows there.
 *
 * @param where what has the keys, in words or as the way to it in the file
 * @param inFile whether they are in a compose file's own words
 * @throws UserError for a value of another shape, a key that it does not have, or a missing one
 */
export function checkShapes(
  node: object,
  shapes: Shapes,
  where: string,
  origin: Origin | undefined,
  inFile = false,
): void {
  const violation = faultIn(node, shapes)
  if (!violation) return
  throw new UserError({
    // Two dollars are a compose file's word for the one that its author wrote.
    message: `${[where, ...violation.at].join('.')}${inFile ? violation.message : violation.message.replaceAll('$$', '$')}`,
    hint: violation.hint,
    origin,
  })
}
