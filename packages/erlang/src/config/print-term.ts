import { formatValue, UserError } from '@erlmcp/core'
import { type OsVariable, placeholder } from './os-variable.ts'
import type { Fun, Term } from './term.ts'

const indent = '  '
const width = 80

/**
 * The text of a term as `file:consult/1` reads it. Short terms take one line.
 *
 * A `$` is escaped: the start script replaces `${NAME}` everywhere.
 */
export function printTerm(term: Term, margin = ''): string {
  const flat = printFlat(term)
  if (margin.length + flat.length <= width) return flat
  const deeper = margin + indent
  const lines = (open: string, items: readonly string[], close: string) =>
    `${open}\n${items.map((item) => deeper + item).join(',\n')}\n${margin}${close}`
  if (Array.isArray(term)) {
    return lines(
      '[',
      term.map((item: Term) => printTerm(item, deeper)),
      ']',
    )
  }
  if (typeof term !== 'object' || !('term' in term)) return flat
  if (term.term === 'map') {
    const pairs = term.pairs.map(
      ([key, value]) => `${printFlat(key)} => ${printTerm(value, deeper)}`,
    )
    return lines('#{', pairs, '}')
  }
  if (term.term !== 'tuple' || term.elements.length === 0) return flat
  // `{key, [...]}` keeps its key beside the brace.
  const [first, ...others] = term.elements
  const rest = others.map((item) => printTerm(item, margin))
  const joined = `{${[printFlat(first!), ...rest].join(', ')}}`
  return first !== undefined && others.length === 1
    ? joined
    : lines(
        '{',
        term.elements.map((item) => printTerm(item, deeper)),
        '}',
      )
}

function printFlat(term: Term): string {
  if (typeof term === 'string') return printString(term)
  if (typeof term === 'boolean' || typeof term === 'bigint') return String(term)
  if (typeof term === 'number')
    return Number.isInteger(term) ? printInteger(term) : printFloat(term)
  if (typeof term !== 'object' || term === null) {
    throw new UserError({
      message: `expected an Erlang term, got ${String(term)}`,
      hint: "Write atom('undefined'), or leave the parameter out: Erlang has no null.",
    })
  }
  if ('term' in term) {
    if (term.term === 'atom') return printAtom(term.name)
    if (term.term === 'float') return printFloat(term.value)
    if (term.term === 'binary') return printBinary(term.bytes)
    if (term.term === 'tuple') return `{${term.elements.map(printFlat).join(',')}}`
    if (term.term === 'map') return `#{${term.pairs.map(printPair).join(', ')}}`
    if (term.term === 'fun') return printFun(term)
    if (term.term === 'improper list') {
      return `[${term.elements.map(printFlat).join(',')}|${printFlat(term.tail)}]`
    }
    return printVariable(term)
  }
  if (Array.isArray(term)) return `[${term.map(printFlat).join(',')}]`
  throw new UserError({
    message: `expected an Erlang term, got ${formatValue(term)}`,
    hint: 'Write `map({…})` or `proplist({…})`.',
  })
}

function printPair([key, value]: readonly [Term, Term]): string {
  return `${printFlat(key)} => ${printFlat(value)}`
}

function printFun({ module, function: name, arity }: Fun): string {
  return `fun ${printAtom(module)}:${printAtom(name)}/${arity}`
}

function printVariable(variable: OsVariable): string {
  const text = placeholder(variable)
  return variable.kind === 'string' ? `"${text}"` : text
}

function printInteger(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)
  throw new UserError({
    message: `integer ${value} is not exact in JavaScript`,
    hint: 'Write it as a bigint, such as 123n, or as `float(…)`.',
  })
}

/** Erlang's floats have a point with digits on both sides: `1.0e+21`, never `1e+21`. */
function printFloat(value: number): string {
  if (!Number.isFinite(value)) {
    throw new UserError({
      message: `expected a finite number, got ${value}`,
      hint: 'Use a finite number (Erlang Reference Manual, "Number").',
    })
  }
  const [mantissa, exponent] = (Object.is(value, -0) ? '-0' : String(value)).split('e')
  const digits = mantissa!.includes('.') ? mantissa! : `${mantissa}.0`
  return exponent === undefined ? digits : `${digits}e${exponent}`
}

/** The reserved words of Erlang, which are atoms only with quotes. */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    'after and andalso band begin bnot bor bsl bsr bxor case catch cond div else end fun if let ' +
    'maybe not of or orelse receive rem try when xor'
  ).split(' '),
)

function printAtom(name: string): string {
  if ([...name].length > 255) {
    throw new UserError({
      message: `atom ${JSON.stringify(`${name.slice(0, 40)}…`)} has more than 255 characters`,
      hint: 'Use a string or `binary(…)`.',
    })
  }
  const bare = /^[a-z][A-Za-z0-9_@]*$/.test(name) && !reservedWords.has(name)
  return bare ? name : `'${escaped(name, "'")}'`
}

function printString(text: string): string {
  return `"${escaped(text, '"')}"`
}

function printBinary(bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return `<<${[...bytes].join(',')}>>`
  }
  const type = bytes.every((byte) => byte < 0x80) ? '' : '/utf8'
  return bytes.length === 0 ? '<<>>' : `<<${printString(text)}${type}>>`
}

// Printable characters are written as they are, others by their number.
const printable = /[\p{L}\p{N}\p{P}\p{S}\p{M} ]/u

function escaped(text: string, quote: string): string {
  let out = ''
  for (const char of text) {
    if (/\p{Surrogate}/u.test(char)) {
      throw new UserError({
        message: `${JSON.stringify(text)} has half of a surrogate pair`,
        hint: 'Remove it, or pass the bytes to `binary(…)`.',
      })
    }
    if (char === '\\' || char === quote) out += `\\${char}`
    else if (char === '\n') out += '\\n'
    else if (char === '$' || !printable.test(char)) out += hex(char)
    else out += char
  }
  return out
}

function hex(char: string): string {
  return `\\x{${char.codePointAt(0)!.toString(16)}}`
}
