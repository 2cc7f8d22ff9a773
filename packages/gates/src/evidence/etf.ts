import { inflateSync } from 'node:zlib'
import { Unreadable } from './guarded.ts'

/** A term of Erlang. Atoms and strings are both text; a binary is bytes. */
export type Term =
  | string
  | number
  | bigint
  | Uint8Array
  | { readonly tuple: readonly Term[] }
  | readonly Term[]

/** Bytes that a compressed term may become. */
const largest = 64_000_000
const deepest = 64
/** Terms within one: a few bytes of a compressed one may become millions of objects. */
const most = 1_000_000

/**
 * Reads one term of the external format (OTP, ERTS User's Guide, chapter 13): what files of cover
 * are made of. Funs, pids, maps and other things that no such file has are refused.
 *
 * @throws Unreadable for anything but exactly one whole term
 */
export function termOf(bytes: Uint8Array): Term {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer[0] !== 131) throw new Unreadable('it is no Erlang term')
  try {
    return buffer[1] === 80 ? whole(inflated(buffer)) : whole(buffer.subarray(1))
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable('an Erlang term is cut off')
    throw error
  }
}

function inflated(buffer: Buffer): Buffer {
  const size = buffer.readUInt32BE(2)
  if (size > largest) throw new Unreadable(`a term of ${size} bytes is too large`)
  const bytes = inflate(buffer.subarray(6), size)
  if (bytes?.length !== size) throw new Unreadable('a compressed term is damaged')
  return bytes
}

function inflate(bytes: Buffer, size: number): Buffer | undefined {
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
  if (cursor.at !== buffer.length) throw new Unreadable('there is something behind an Erlang term')
  return term
}

function next(cursor: Cursor, depth: number): Term {
  if (depth > deepest) throw new Unreadable('an Erlang term is nested too deeply')
  cursor.count += 1
  if (cursor.count > most) throw new Unreadable('an Erlang term has too many others in it')
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
      if (!Array.isArray(tail) || tail.length > 0) throw new Unreadable('a list is improper')
      return elements
    }
    case 109: // BINARY_EXT
      return slice(cursor, unsigned(cursor, 4))
    default:
      throw new Unreadable(`there is no term with the tag ${tag} in a file of cover`)
  }
}

function many(cursor: Cursor, count: number, depth: number): Term[] {
  // Each takes a byte at least: a count beyond that is no reason to reserve memory.
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
