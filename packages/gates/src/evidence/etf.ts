import { ReportParseError } from './report-errors.ts'

/** An Erlang term. Atoms and strings are strings; a binary is bytes. */
export type Term =
  | string
  | number
  | bigint
  | Uint8Array
  | { readonly tuple: readonly Term[] }
  | readonly Term[]

/** Bytes of a decompressed term. */
const maxSize = 64_000_000
const maxDepth = 64
/** Terms within one: a few compressed bytes may expand to millions of objects. */
const maxTerms = 1_000_000

/**
 * Parses one term in the external term format (ERTS User's Guide, chapter 13), which files of cover
 * use. Funs, pids, maps and other types that such a file never has are rejected.
 *
 * @throws Unreadable unless the bytes are exactly one term
 */
export function termOf(bytes: Uint8Array): Term {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer[0] !== 131) throw new ReportParseError('not an Erlang term')
  try {
    return buffer[1] === 80 ? whole(inflated(buffer)) : whole(buffer.subarray(1))
  } catch (error) {
    if (error instanceof RangeError) throw new ReportParseError('truncated Erlang term')
    throw error
  }
}

function inflated(buffer: Buffer): Buffer {
  const size = buffer.readUInt32BE(2)
  if (size > maxSize) throw new ReportParseError(`Erlang term of ${size} bytes is too large`)
  const bytes = inflate(buffer.subarray(6), size)
  if (bytes?.length !== size) throw new ReportParseError('corrupt compressed Erlang term')
  return bytes
}

function inflate(bytes: Buffer, size: number): Buffer | undefined {
  // Not an import: every stack with gates loads this package, and only `gate run` reads reports.
  const { inflateSync } = process.getBuiltinModule('node:zlib')
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, size) })
  } catch {
    return undefined
  }
}

interface Cursor {
  readonly buffer: Buffer
  at: number
  /** Terms read so far. */
  count: number
}

function whole(buffer: Buffer): Term {
  const cursor = { buffer, at: 0, count: 0 }
  const term = next(cursor, 0)
  if (cursor.at !== buffer.length)
    throw new ReportParseError('unexpected bytes after an Erlang term')
  return term
}

function next(cursor: Cursor, depth: number): Term {
  if (depth > maxDepth) throw new ReportParseError('Erlang term is nested too deeply')
  cursor.count += 1
  if (cursor.count > maxTerms) throw new ReportParseError('Erlang term has too many elements')
  const tag = unsigned(cursor, 1)
  switch (tag) {
    case 97: // SMALL_INTEGER_EXT
      return unsigned(cursor, 1)
    case 98: // INTEGER_EXT
      return unsigned(cursor, 4) | 0
    case 110: // SMALL_BIG_EXT
      return big(cursor, unsigned(cursor, 1))
    case 115: // SMALL_ATOM_EXT
      return text(cursor, unsigned(cursor, 1), 'latin1')
    case 100: // ATOM_EXT
    case 107: // STRING_EXT
      return text(cursor, unsigned(cursor, 2), 'latin1')
    case 119: // SMALL_ATOM_UTF8_EXT
      return text(cursor, unsigned(cursor, 1), 'utf8')
    case 118: // ATOM_UTF8_EXT
      return text(cursor, unsigned(cursor, 2), 'utf8')
    case 106: // NIL_EXT
      return []
    case 104: // SMALL_TUPLE_EXT
      return { tuple: many(cursor, unsigned(cursor, 1), depth) }
    case 105: // LARGE_TUPLE_EXT
      return { tuple: many(cursor, unsigned(cursor, 4), depth) }
    case 108: {
      // LIST_EXT: the elements, and a tail that is [] in a proper list
      const elements = many(cursor, unsigned(cursor, 4), depth)
      const tail = next(cursor, depth + 1)
      if (!Array.isArray(tail) || tail.length > 0) throw new ReportParseError('improper list')
      return elements
    }
    case 109: // BINARY_EXT
      return slice(cursor, unsigned(cursor, 4))
    default:
      throw new ReportParseError(`unsupported Erlang term with tag ${tag}`)
  }
}

function many(cursor: Cursor, count: number, depth: number): Term[] {
  // Each element takes at least a byte: a larger count must not allocate memory.
  if (count > cursor.buffer.length - cursor.at) throw new RangeError('count')
  return Array.from({ length: count }, () => next(cursor, depth + 1))
}

function slice(cursor: Cursor, length: number): Buffer {
  if (length > cursor.buffer.length - cursor.at) throw new RangeError('length')
  cursor.at += length
  return cursor.buffer.subarray(cursor.at - length, cursor.at)
}

function text(cursor: Cursor, length: number, encoding: 'latin1' | 'utf8'): string {
  return slice(cursor, length).toString(encoding)
}

function unsigned(cursor: Cursor, length: number): number {
  return slice(cursor, length).readUIntBE(0, length)
}

function big(cursor: Cursor, length: number): bigint {
  const negative = unsigned(cursor, 1) !== 0
  let value = 0n
  for (const byte of slice(cursor, length).reverse()) value = value * 256n + BigInt(byte)
  return negative ? -value : value
}
