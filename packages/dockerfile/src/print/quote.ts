import { formatValue, UserError } from '@erlmcp/core'
import type { Text, Variable } from '../schema/text.ts'
import { partsOf } from '../values/text.ts'

/** The escape character of the file: `\`, or a backtick by directive. */
export type Escape = '\\' | '`'

export function reject(message: string, hint: string): never {
  throw new UserError({ message, hint })
}

/** Rejects a text that no place of a Dockerfile can hold, not even a heredoc. */
export function validateText(text: string, place: string): string {
  // JavaScript may pass anything.
  if (typeof text !== 'string') {
    reject(`${place}: expected text, got ${formatValue(text)}`, 'Write it in quotes.')
  }
  if (text.includes('\0')) {
    reject(`${place} ${formatValue(text)} has a NUL byte`, 'Remove the NUL byte.')
  }
  if (/\p{Surrogate}/u.test(text)) {
    reject(
      `${place} ${formatValue(text)} has half of a surrogate pair`,
      'Remove it: it is half of a character.',
    )
  }
  return text
}

/** Rejects line breaks, which end an instruction outside heredocs and the exec form. */
export function validateLine(text: string, place: string): string {
  validateText(text, place)
  if (/[\n\r]/.test(text)) {
    reject(
      `${place} ${formatValue(text)} has a line break, which a Dockerfile cannot express there`,
      'Use one line, or put the text into a file that is copied.',
    )
  }
  return text
}

const bare = /^[A-Za-z0-9_@%+=:,./-]*$/

/**
 * One word in which the builder replaces variables and removes quotes: the values of ENV, LABEL and
 * ARG, and the argument of USER, WORKDIR and STOPSIGNAL. Quoted only where needed.
 */
export function quoted(text: Text, place: string, escapeChar: Escape): string {
  const parts = partsOf(text)
  if (parts.length === 0) return '""'
  const plain = parts.every((part) =>
    typeof part === 'string' ? bare.test(part) : isBareVariable(part),
  )
  const starts = typeof parts[0] === 'string' && parts[0].startsWith('--')
  if (plain && !starts) return unquoted(text, place, escapeChar)
  const inside = escaper(escapeChar, '"$')
  const words = parts.map((part) =>
    typeof part === 'string'
      ? inside(validateLine(part, place))
      : variable(part, place, escapeChar),
  )
  return `"${words.join('')}"`
}

function isBareVariable({ word, replacement = '' }: Variable): boolean {
  const parts = [...partsOf(word ?? ''), replacement]
  return parts.every((part) => (typeof part === 'string' ? bare.test(part) : isBareVariable(part)))
}

/**
 * The same without quotes, with special characters escaped. It may hold spaces and line breaks,
 * which the caller handles.
 */
export function unquoted(text: Text, place: string, escapeChar: Escape): string {
  const outside = escaper(escapeChar, `"'$<`)
  const word = partsOf(text)
    .map((part) =>
      typeof part === 'string'
        ? outside(validateText(part, place))
        : variable(part, place, escapeChar),
    )
    .join('')
  // At the beginning, these would start a flag or a comment.
  return /^(--|#)/.test(word) ? escapeChar + word : word
}

/** Puts the escape character before itself and each of `chars`. */
export function escaper(escapeChar: Escape, chars: string): (text: string) => string {
  const special = new Set<string>([...chars, escapeChar])
  return (text) => [...text].map((char) => (special.has(char) ? escapeChar + char : char)).join('')
}

const patternModifiers = new Set(['#', '##', '%', '%%', '/', '//'])

// Only these can be escaped in a pattern, and quotes do not survive its two readings.
const pattern = /^(?:[^"'$`\\}/\n\r\0]|\\[*?\\/}])*$/
const replacementPattern = /^[^"'$`\\}\n\r\0]*$/

/** `${NAME}` with its modifier. The braces separate it from any character that follows. */
function variable(part: Variable, place: string, escapeChar: Escape): string {
  const { variable: name, modifier, word = '', replacement = '' } = part
  if (!/^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+)$/.test(name)) {
    reject(
      `${place}: invalid name of a variable ${formatValue(name)}`,
      'Use letters, digits and underscores, not beginning with a digit.',
    )
  }
  if (modifier === undefined) return `\${${name}}`
  if (!patternModifiers.has(modifier)) {
    return `\${${name}${modifier}${operand(word, place, escapeChar)}}`
  }
  if (typeof word !== 'string' || !pattern.test(word)) {
    reject(
      `${place}: the pattern of \${${name}${modifier}…} has quotes, a dollar or a lone backslash`,
      'Use `*`, `?` and the escapes \\* \\? \\\\ \\/ \\} alone.',
    )
  }
  if (!modifier.startsWith('/')) return `\${${name}${modifier}${word}}`
  if (!replacementPattern.test(replacement)) {
    reject(
      `${place}: the replacement of \${${name}${modifier}…} has quotes, a dollar, a brace or a backslash`,
      'Use plain characters.',
    )
  }
  return `\${${name}${modifier}${word}/${replacement}}`
}

// Read without quotes up to the first `}`, even where the variable is within quotes.
function operand(word: Text, place: string, escapeChar: Escape): string {
  const inside = escaper(escapeChar, `"'$<}`)
  return partsOf(word)
    .map((part) =>
      typeof part === 'string'
        ? inside(validateLine(part, place))
        : variable(part, place, escapeChar),
    )
    .join('')
}

/**
 * The value of a flag: the builder first removes one level of quotes and escapes from each flag, and
 * reads it byte by byte.
 */
export function flagValue(text: string, place: string, escapeChar: Escape): string {
  validateLine(text, place)
  if (/[^\t\x20-\x7e]/.test(text)) {
    reject(
      `${place} ${formatValue(text)} has a character outside ASCII, which the builder garbles in a flag`,
      'Use ASCII.',
    )
  }
  return escaper(escapeChar, `"' \t`)(text)
}

/** One field of the comma-separated values that `--mount` and `--device` take (RFC 4180). */
export function csvField(text: string): string {
  return /[",]|^\s/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The exec form: a JSON array on one line. */
export function jsonArray(words: readonly string[], place: string): string {
  return `[${words.map((word) => JSON.stringify(validateText(word, place))).join(', ')}]`
}

/** A heredoc delimiter that is not a line of the body, with line breaks of DOS too. */
export function delimiterFor(body: string, taken: ReadonlySet<string>): string {
  const lines = new Set(body.split('\n').map((line) => line.replace(/[\r\n]+$/, '')))
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'EOF' : `EOF${n}`
    if (!lines.has(name) && !taken.has(name)) return name
  }
}
