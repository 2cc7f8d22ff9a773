import { type Origin, UserError } from '@erlmcp/core'
import { meantKey } from './known-keys.ts'

/** What may stand under a key: how to see it, and how to say it. */
export interface Shape {
  readonly is: (value: unknown) => boolean
  readonly said: string
  /** What is wrong within a value that is not of this shape, where that can be told more closely. */
  readonly fault?: (value: unknown) => Fault | undefined
}

/** The shapes of an object's keys. */
export interface Shapes {
  readonly known: ReadonlyMap<string, Shape>
  /** Whether every key is known, but for those that begin with `x-`. */
  readonly closed: boolean
}

/** Where within a value something is wrong, and how to mend it. */
interface Fault {
  readonly at: readonly (string | number)[]
  readonly help: string
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const text: Shape = { is: (value) => typeof value === 'string', said: 'text' }
export const amount: Shape = {
  is: (value) => typeof value === 'number' || typeof value === 'string',
  said: 'a number or text',
}
export const scalar: Shape = {
  is: (value) => amount.is(value) || typeof value === 'boolean',
  said: 'text, a number or a switch',
}
export const aSwitch: Shape = {
  is: (value) => typeof value === 'boolean' || typeof value === 'string',
  said: 'true or false',
}
export const nothing: Shape = { is: (value) => value === null, said: 'nothing' }
export const object: Shape = { is: isObject, said: 'an object' }
export const anything: Shape = { is: () => true, said: 'anything' }

// Loops and no closures: these look at everything that every service says.
export const either = (...shapes: readonly Shape[]): Shape => ({
  is: (value) => {
    for (const shape of shapes) if (shape.is(value)) return true
    return false
  },
  said: shapes.map(({ said }) => said).join(', or '),
  fault: (value) => shapes.map(({ fault }) => fault?.(value)).find((fault) => fault !== undefined),
})

export const list = (item: Shape): Shape => ({
  is: (value) => {
    if (!Array.isArray(value)) return false
    for (const one of value) if (!item.is(one)) return false
    return true
  },
  said: `a list, each ${item.said}`,
  fault: (value) => {
    if (!Array.isArray(value)) return undefined
    const at = value.findIndex((one) => !item.is(one))
    return below(at, item, value[at])
  },
})

export const map = (item: Shape): Shape => ({
  is: (value) => {
    if (!isObject(value)) return false
    for (const key in value) if (!item.is(value[key])) return false
    return true
  },
  said: `an object of names, each ${item.said}`,
  fault: (value) => {
    if (!isObject(value)) return undefined
    const [key, one] = Object.entries(value).find(([, one]) => !item.is(one))!
    return below(key, item, one)
  },
})

// Every key of a type but extensions: the compiler holds the tables against the types.
export type Known<Type> = {
  readonly [Key in keyof Type as Key extends `x-${string}` ? never : Key]-?: Shape
}

/** An object of just these keys. */
export const fields = <Type>(shapes: Known<Type>): Shape => {
  const inside = shapesOfKeys(shapes, true)
  return {
    is: (value) => isObject(value) && misshapen(value, inside) === undefined,
    said: `an object with ${[...inside.known.keys()].join(', ')}`,
    fault: (value) => (isObject(value) ? faultIn(value, inside) : undefined),
  }
}

/** A map: a node may have any key, also one that every object has. */
export function shapesOfKeys(shapes: object, closed = false): Shapes {
  return { known: new Map(Object.entries(shapes) as [string, Shape][]), closed }
}

/** The first key of a node that may not be there, or does not have its shape. */
function misshapen(node: object, { known, closed }: Shapes): string | undefined {
  for (const key in node) {
    const value = (node as Record<string, unknown>)[key]
    if (value === undefined) continue
    const shape = known.get(key)
    if (shape === undefined ? closed && !key.startsWith('x-') : !shape.is(value)) return key
  }
  return undefined
}

function faultIn(node: object, shapes: Shapes): Fault | undefined {
  const key = misshapen(node, shapes)
  if (key === undefined) return undefined
  const shape = shapes.known.get(key)
  if (shape) return below(key, shape, (node as Record<string, unknown>)[key])
  const names = [...shapes.known.keys()]
  const meant = meantKey(key, names)
  return {
    at: [key],
    help: meant ? `Did you mean \`${meant}\`?` : `Known are ${names.join(', ')}.`,
  }
}

/** The fault of a value under a key, as closely as it can be told. */
function below(key: string | number, { fault, said }: Shape, value: unknown): Fault {
  const inside = fault?.(value)
  return inside ? { ...inside, at: [key, ...inside.at] } : { at: [key], help: `It is ${said}.` }
}

/**
 * Holds the keys of a node against what the Compose specification allows there.
 *
 * @param where what has the keys, in words or as the way to it in the file
 * @throws UserError for a value of another shape, or a key that it does not have
 */
export function checkShapes(
  node: object,
  shapes: Shapes,
  where: string,
  origin: Origin | undefined,
): void {
  const fault = faultIn(node, shapes)
  if (!fault) return
  throw new UserError({
    what: `${[where, ...fault.at].join('.')} is not what the Compose specification allows there`,
    help: fault.help,
    origin,
  })
}
