import { readRegularFile } from '../file/regular-file.ts'
import type { Location } from './origin.ts'
import type { Path } from './path.ts'

/**
 * The place of a key within the call at `call`: `service('app', { ports: […] })` made the node,
 * and the diagnostic is about its `ports`. It looks through the source for the literal that holds
 * each key in turn and stops at the last one it finds, so a spread or a variable costs precision,
 * never truth.
 */
export function locateKey(call: Location, keys: Path): Location {
  if (keys.length === 0) return call
  // A loop makes thousands of nodes in one call.
  const at = JSON.stringify([call.file, call.line, call.column, ...keys])
  const known = located.get(at)
  if (known) return known
  const place = search(call, keys)
  located.set(at, place)
  return place
}

const located = new Map<string, Location>()

function search(call: Location, keys: Path): Location {
  const text = readSource(call.file)
  const start = text === undefined ? -1 : offsetOf(text, call)
  if (text === undefined || start < 0) return call
  const open = text.indexOf('(', start)
  if (open < 0) return call
  const found = findKeys(text, open, keys)
  return found === undefined ? call : { file: call.file, ...positionOf(text, found) }
}

const sources = new Map<string, string | undefined>()

function readSource(file: string): string | undefined {
  if (!sources.has(file)) sources.set(file, tryRead(file))
  return sources.get(file)
}

function tryRead(file: string): string | undefined {
  try {
    return readRegularFile(file)
  } catch {
    // The source may be bundled or gone: then only the call is known.
    return undefined
  }
}

function offsetOf(text: string, { line, column }: Location): number {
  let offset = 0
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', offset)
    if (end < 0) return -1
    offset = end + 1
  }
  return offset + column - 1
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** Offset of the deepest of `keys` that can be seen in the call whose `(` is at `open`. */
function findKeys(text: string, open: number, keys: Path): number | undefined {
  let found: number | undefined
  let scopes = members(text, open).filter((member) => text[member.value] === '{')
  for (const key of keys) {
    const hit = scopes
      .flatMap((scope) => [...members(text, scope.value)])
      .find((member) => member.key === String(key))
    if (!hit) return found
    found = hit.start
    scopes = text[hit.value] === '{' || text[hit.value] === '[' ? [hit] : []
  }
  return found
}

interface Member {
  /** Property name, or index in an array or argument list. */
  readonly key: string
  readonly start: number
  /** Offset of the first character of its value. */
  readonly value: number
}

/** The members of the object, array or argument list that opens at `open`. */
function members(text: string, open: number): Member[] {
  const named = text[open] === '{'
  const found: Member[] = []
  let at = skipSpace(text, open + 1)
  while (at < text.length && !isClose(text[at]!)) {
    const key = named
      ? /^(?:([\w$]+)|'([^'\n]*)'|"([^"\n]*)")\s*/.exec(text.slice(at, at + 200))
      : null
    const name = key ? (key[1] ?? key[2] ?? key[3])! : String(found.length)
    const colon = key ? at + key[0].length : at
    const value = key && text[colon] === ':' ? skipSpace(text, colon + 1) : at
    found.push({ key: name, start: at, value })
    at = skipSpace(text, endOfValue(text, value))
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return found
}

function isClose(char: string): boolean {
  return char === ')' || char === ']' || char === '}'
}

/** Offset of the `,` or closing bracket that ends the value at `at`. */
function endOfValue(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const char = text[i]!
    if (char === "'" || char === '"' || char === '`') i = endOfString(text, i)
    else if (char === '/' && (text[i + 1] === '/' || text[i + 1] === '*'))
      i = skipSpace(text, i) - 1
    else if (char === '(' || char === '[' || char === '{') depth++
    else if (isClose(char) && depth-- === 0) return i
    else if (char === ',' && depth === 0) return i
  }
  return text.length
}

/** Offset of the closing quote. A template's `${…}` may hold strings of its own. */
function endOfString(text: string, at: number): number {
  const quote = text[at]
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote) return i
    else if (quote === '`' && text[i] === '$' && text[i + 1] === '{') i = endOfHole(text, i + 2)
  }
  return text.length
}

function endOfHole(text: string, at: number): number {
  let i = endOfValue(text, at)
  while (text[i] === ',') i = endOfValue(text, i + 1)
  return i
}

/** Offset of the first character from `at` on that is neither space nor comment. */
function skipSpace(text: string, at: number): number {
  const space = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
  space.lastIndex = at
  return at + space.exec(text)![0].length
}
