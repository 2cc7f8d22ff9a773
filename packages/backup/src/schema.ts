/** What is wrong with a value of a file, and where in it. Nothing when it is as it should be. */
export type Shape = (value: unknown, at: string) => string | undefined

/** A text that a pattern knows. */
export const text =
  (pattern: RegExp, message: string): Shape =>
  (value, at) =>
    typeof value === 'string' && pattern.test(value) ? undefined : wrong(value, at, message)

/** What somebody calls something: no program takes a NUL in it. */
export const words = text(/^[^\0]+$/, 'text')

/** How many of something. */
export const count: Shape = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : wrong(value, at, 'number')

export const yesOrNo: Shape = (value, at) =>
  typeof value === 'boolean' ? undefined : wrong(value, at, 'yes or no')

/** One of a few values. */
export const oneOf =
  (...known: readonly unknown[]): Shape =>
  (value, at) =>
    known.includes(value) ? undefined : wrong(value, at, known.join(' or '))

export const optional =
  (shape: Shape): Shape =>
  (value, at) =>
    value === undefined ? undefined : shape(value, at)

/**
 * An object with the fields of a type.
 *
 * @param shapes one for each field; what else the object has is not looked at
 */
export const object =
  <Type>(shapes: { readonly [Field in keyof Required<Type>]: Shape }): Shape =>
  (value, at) => {
    if (!isObject(value)) return wrong(value, at, 'object')
    const fields = Object.entries<Shape>(shapes)
    return first(fields, ([name, shape]) => shape(value[name], at ? `${at}.${name}` : name))
  }

/** Values under names that are not known. */
export const map =
  (shape: Shape): Shape =>
  (value, at) =>
    isObject(value)
      ? first(Object.entries(value), ([name, one]) => shape(one, `${at}.${name}`))
      : wrong(value, at, 'object')

/**
 * A list.
 *
 * @param by the field in which no two are alike
 */
export const list =
  (shape: Shape, by?: string): Shape =>
  (value, at) => {
    if (!Array.isArray(value)) return wrong(value, at, 'list')
    const seen = new Set<unknown>()
    return first([...value.entries()], ([index, one]) => {
      const violation = shape(one, `${at}[${index}]`)
      if (violation !== undefined || by === undefined) return violation
      const name = one[by]
      if (seen.has(name)) return `${at}[${index}].${by} is ${shown(name)} once more`
      seen.add(name)
      return undefined
    })
  }

function first<One>(
  all: readonly One[],
  faultOf: (one: One) => string | undefined,
): string | undefined {
  for (const one of all) {
    const violation = faultOf(one)
    if (violation !== undefined) return violation
  }
  return undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function wrong(value: unknown, at: string, message: string): string {
  const name = at || 'it'
  return value === undefined
    ? `${name} is missing`
    : `${name} is ${shown(value)}, which is no ${message}`
}

function shown(value: unknown): string {
  const json = JSON.stringify(value)
  return json.length > 60 ? `${json.slice(0, 60)}…` : json
}
