/** Placeholder for the value of a variable. */
export const unknown = '\0'

/**
 * A text with its interpolations replaced as Compose does in an empty environment (Compose spec,
 * "Interpolation"): `${PORT:-8080}` is `8080`. A variable without default is {@link unknown}.
 */
export function resolve(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') return String(value)
  return value.includes('$') ? interpolate(value, 0) : value
}

/** A whole number, when it is known without the environment. */
export function resolveNumber(value: string | number | undefined): number | undefined {
  const text = resolve(value)
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}

/** Whether a text has a variable. */
export function hasVariable(text: string | undefined): boolean {
  return text?.replaceAll('$$', '').includes('$') ?? false
}

export function isKnown(text: string): boolean {
  return !text.includes(unknown)
}

// A limit against input that nests defaults to exhaust the stack.
const deepest = 20

function interpolate(text: string, depth: number): string {
  if (depth > deepest) return unknown
  let out = ''
  let at = 0
  while (at < text.length) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) return out + text.slice(at)
    out += text.slice(at, dollar)
    const next = text[dollar + 1]
    if (next === '$') {
      out += '$'
      at = dollar + 2
    } else if (next === '{') {
      const end = closing(text, dollar + 2)
      out += withoutValue(text.slice(dollar + 2, end), depth + 1)
      at = end + 1
    } else {
      const name = nameAt(text, dollar + 1)
      out += name === '' ? '$' : unknown
      at = dollar + 1 + name.length
    }
  }
  return out
}

/** The value of `NAME:-default` where NAME is not set. */
function withoutValue(inside: string, depth: number): string {
  const rest = inside.slice(nameAt(inside, 0).length)
  if (rest.startsWith(':-')) return interpolate(rest.slice(2), depth)
  if (rest.startsWith('-')) return interpolate(rest.slice(1), depth)
  if (rest.startsWith(':+') || rest.startsWith('+')) return ''
  return unknown
}

/** The index of the brace that closes, past nested ones. */
function closing(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{' && text[at - 1] === '$') depth += 1
    else if (text[at] === '}') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return text.length
}

const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y

function nameAt(text: string, at: number): string {
  namePattern.lastIndex = at
  return namePattern.exec(text)?.[0] ?? ''
}
