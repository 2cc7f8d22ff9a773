import { formatValue, UserError } from '@erlmcp/core'
import type { Text, Variable } from '../schema/text.ts'
import { partsOf } from '../values/text.ts'

/** The escape character of the file: `\`, or a backtick by directive. */
export type Escape = '\\' | '`'

export function refuse(message: string, hint: string): never {
  throw new UserError({ message, hint })
}

/** What no place of a Dockerfile can hold, not even a heredoc. */
export function refuseUnwritable(text: string, place: string): string {
  // JavaScript, and TypeScript that nobody compiled, may give anything.
  if (typeof text !== 'string') {
    refuse(`${place} has ${formatValue(text)}, which is no text`, 'Write it in quotes.')
  }
  if (text.includes('\0')) {
    refuse(
      `${place} ${formatValue(text)} has a NUL byte`,
      'Take it out: no program could receive it.',
    )
  }
  if (/\p{Surrogate}/u.test(text)) {
    refuse(
      `${place} ${formatValue(text)} has half of a surrogate pair`,
      'It is no character: take it out.',
    )
  }
  return text
}

/** A line break ends an instruction, and only heredocs and the exec form have a way to write one. */
export function refuseLineBreaks(text: string, place: string): string {
  refuseUnwritable(text, place)
  if (/[\n\r]/.test(text)) {
    refuse(
      `${place} ${formatValue(text)} has a line break, which a Dockerfile cannot write there`,
      'Use one line, or put the text into a file that is copied.',
    )
  }
  return text
}

const bare = /^[A-Za-z0-9_@%+=:,./-]*$/

/**
 * One word in which variables are replaced and quotes are taken away: the values of ENV, LABEL and
 * ARG, and the argument of USER, WORKDIR and STOPSIGNAL. Quoted only where it has to be.
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
      ? inside(refuseLineBreaks(part, place))
      : variable(part, place, escapeChar),
  )
  return `"${words.join('')}"`
}

function isBareVariable({ word, replacement = '' }: Variable): boolean {
  const parts = [...partsOf(word ?? ''), replacement]
  return parts.every((part) => (typeof part === 'string' ? bare.test(part) : isBareVariable(part)))
}

/**
 * The same without quotes around it, every character that means something escaped. It may hold
 * spaces and line breaks: whoever puts it into a place where those matter takes care of them.
 */
export function unquoted(text: Text, place: string, escapeChar: Escape): string {
  const outside = escaper(escapeChar, `"'$<`)
  const word = partsOf(text)
    .map((part) =>
      typeof part === 'string'
        ? outside(refuseUnwritable(part, place))
        : variable(part, place, escapeChar),
    )
    .join('')
  // First of all, these would begin a flag or a comment.
  return /^(--|#)/.test(word) ? escapeChar + word : word
}

/** Puts the escape character before itself and each of `chars`. */
export function escaper(escapeChar: Escape, chars: string): (text: string) => string {
  const special = new Set<string>([...chars, escapeChar])
  return (text) => [...text].map((char) => (special.has(char) ? escapeChar + char : char)).join('')
}

const patternModifiers = new Set(['#', '##', '%', '%%', '/', '//'])

// Inside a pattern only these can be escaped, and no quotes survive the two readings of it.
const pattern = /^(?:[^"'$`\\}/\n\r\0]|\\[*?\\/}])*$/
const replacementPattern = /^[^"'$`\\}\n\r\0]*$/

/** `${NAME}` with its modifier. The braces make it safe to stand before any character. */
function variable(part: Variable, place: string, escapeChar: Escape): string {
  const { variable: name, modifier, word = '', replacement = '' } = part
  if (!/^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+)$/.test(name)) {
    refuse(
      `${place} refers to ${formatValue(name)}, which is no name of a variable`,
      'Name a variable.',
    )
  }
  if (modifier === undefined) return `\${${name}}`
  if (!patternModifiers.has(modifier)) {
    return `\${${name}${modifier}${operand(word, place, escapeChar)}}`
  }
  if (typeof word !== 'string' || !pattern.test(word)) {
    refuse(
      `${place}: the pattern of \${${name}${modifier}…} has quotes, a dollar or a lone backslash`,
      'Patterns know `*`, `?` and the escapes \\* \\? \\\\ \\/ \\}.',
    )
  }
  if (!modifier.startsWith('/')) return `\${${name}${modifier}${word}}`
  if (!replacementPattern.test(replacement)) {
    refuse(
      `${place}: the replacement of \${${name}${modifier}…} has quotes, a dollar, a brace or a backslash`,
      'Use plain characters.',
    )
  }
  return `\${${name}${modifier}${word}/${replacement}}`
}

// Read without quotes even where the variable stands within quotes, up to the first `}`.
function operand(word: Text, place: string, escapeChar: Escape): string {
  const inside = escaper(escapeChar, `"'$<}`)
  return partsOf(word)
    .map((part) =>
      typeof part === 'string'
        ? inside(refuseLineBreaks(part, place))
        : variable(part, place, escapeChar),
    )
    .join('')
}

/**
 * The value of a flag: the builder takes one level of quotes and escapes off each flag, before
 * anything else is done with it, and reads it byte by byte.
 */
export function flagValue(text: string, place: string, escapeChar: Escape): string {
  refuseLineBreaks(text, place)
  if (/[^\t\x20-\x7e]/.test(text)) {
    refuse(
      `${place} ${formatValue(text)} has a character that is not ASCII, which the builder garbles in a flag`,
      'Use ASCII there.',
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
  return `[${words.map((word) => JSON.stringify(refuseUnwritable(word, place))).join(', ')}]`
}

/** A heredoc delimiter that is no line of the body. A line break of DOS counts as one. */
export function delimiterFor(body: string, taken: ReadonlySet<string>): string {
  const lines = new Set(body.split('\n').map((line) => line.replace(/[\r\n]+$/, '')))
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'EOF' : `EOF${n}`
    if (!lines.has(name) && !taken.has(name)) return name
  }
}
