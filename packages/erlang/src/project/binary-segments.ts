import { binary, type Float, type Term } from '../config/term.ts'

/** A part of a binary: `term:size/type-type`. */
export interface Segment {
  readonly term: Term
  readonly size: number | bigint | Float | undefined
  readonly types: readonly string[]
}

const encodings = ['utf8', 'utf16', 'utf32'] as const

/**
 * The binary of its segments (Erlang Reference Manual, "Bit Syntax Expressions"), in whole bytes.
 *
 * @param fail throws an error
 */
export function binaryOf(segments: readonly Segment[], fail: (message: string) => never): Term {
  const parts = segments.map((segment) => bytesOf(segment, fail))
  return binary(Uint8Array.from(Buffer.concat(parts)))
}

function bytesOf(segment: Segment, fail: (message: string) => never): Uint8Array {
  const { term, types } = segment
  const codes = typeof term === 'string' ? [...term].map((char) => char.codePointAt(0)!) : [term]
  const encoding = encodings.find((one) => types.includes(one))
  const little = types.includes('little')
  if (encoding) return Buffer.concat(codes.map((code) => encode(code, encoding, little, fail)))
  if (types.some((type) => ['binary', 'bytes'].includes(type))) return nestedBytes(segment, fail)
  const bits = bitsOf(segment, fail)
  if (types.includes('float')) return floatBytes(term, bits ?? 64, little, fail)
  return Buffer.concat(codes.map((code) => integerBytes(code, bits ?? 8, little, fail)))
}

function encode(
  code: Term,
  encoding: (typeof encodings)[number],
  little: boolean,
  fail: (message: string) => never,
): Uint8Array {
  if (
    typeof code !== 'number' ||
    code < 0 ||
    code > 0x10ffff ||
    (code >= 0xd800 && code < 0xe000)
  ) {
    return fail(`${encoding} of a binary: expected a character`)
  }
  if (encoding === 'utf32') return integerBytes(code, 32, little, fail)
  const text = String.fromCodePoint(code)
  if (encoding === 'utf8') return Buffer.from(text)
  const bytes = Buffer.from(text, 'utf16le')
  return little ? bytes : bytes.swap16()
}

function nestedBytes({ term, size }: Segment, fail: (message: string) => never): Uint8Array {
  const isBinary = typeof term === 'object' && 'term' in term && term.term === 'binary'
  if (!isBinary) return fail('binary in a binary: expected a binary')
  if (size === undefined) return term.bytes
  if (typeof size !== 'number' || size < 0 || size > term.bytes.length) {
    return fail(`binary in a binary: expected a size up to ${term.bytes.length}`)
  }
  return term.bytes.slice(0, size)
}

// A short text must not become a large binary.
const maxBits = 1024

/** Size times unit; undefined without a size. */
function bitsOf({ size, types }: Segment, fail: (message: string) => never): number | undefined {
  if (size === undefined) return undefined
  const unit = types.find((type) => type.startsWith('unit:'))?.slice('unit:'.length) ?? '1'
  const bits = typeof size === 'number' ? size * Number(unit) : Number.NaN
  if (bits >= 0 && bits <= maxBits && bits % 8 === 0) return bits
  return fail(`segment of a binary: expected whole bytes, at most ${maxBits / 8}`)
}

function integerBytes(
  value: Term,
  bits: number,
  little: boolean,
  fail: (message: string) => never,
): Uint8Array {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    return fail('segment of a binary: expected an integer or a string')
  }
  const bytes = new Uint8Array(bits / 8)
  let rest = BigInt.asUintN(bits, BigInt(value))
  for (let index = bytes.length - 1; index >= 0; index--, rest >>= 8n) {
    bytes[index] = Number(rest & 255n)
  }
  return little ? bytes.reverse() : bytes
}

function floatBytes(
  term: Term,
  bits: number,
  little: boolean,
  fail: (message: string) => never,
): Uint8Array {
  const isFloat = typeof term === 'object' && 'term' in term && term.term === 'float'
  const value = isFloat ? term.value : Number(term)
  const bytes = Buffer.alloc(bits / 8)
  if (bits === 64) bytes.writeDoubleBE(value)
  else if (bits === 32) bytes.writeFloatBE(value)
  else return fail('float of a binary: expected a size of 32 or 64')
  return little ? bytes.reverse() : bytes
}
