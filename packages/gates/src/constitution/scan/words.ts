import type { DoubleQuotedChild, ParsedScript, Word, WordPart } from 'unbash'
import type { ShellWord } from './shell-word.ts'

/** What variables hold, as far as the text itself says. */
export type ShellVariables = ReadonlyMap<string, Value>

export interface Value {
  readonly value: string
  readonly known: boolean
}

/** The words that a word becomes: an unquoted variable is split at its spaces. */
export function wordsOf(word: Word, shown: string, variables: ShellVariables): ShellWord[] {
  const place = { text: shown.slice(word.pos, word.end), start: word.pos, end: word.end }
  const { value, known: isKnown } = wordValue(word, variables)
  // A placeholder stands for what nobody knows.
  const known = isKnown && place.text === word.text
  const isVariable = word.parts?.length === 1 && isExpansion(word.parts[0]!)
  if (!isVariable || !known) return [{ value, known, ...place }]
  const pieces = value.split(/\s+/).filter(Boolean)
  return pieces.map((piece) => ({ value: piece, known, ...place, text: piece }))
}

function isExpansion({ type }: WordPart): boolean {
  return type === 'SimpleExpansion' || type === 'ParameterExpansion'
}

function joined(values: readonly Value[]): Value {
  return {
    value: values.map(({ value }) => value).join(''),
    known: values.every(({ known }) => known),
  }
}

function partValue(part: WordPart | DoubleQuotedChild, variables: ShellVariables): Value {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return { value: part.value, known: true }
    case 'DoubleQuoted':
    case 'LocaleString':
      return joined(part.parts.map((one) => partValue(one, variables)))
    case 'SimpleExpansion':
      return variable(part.text.slice(1), part.text, variables)
    case 'ParameterExpansion':
      return parameter(part, variables)
    case 'CommandExpansion':
      return foundProgram(part.script) ?? { value: part.text, known: false }
    default:
      return { value: part.text, known: false }
  }
}

function parameter(
  { parameter: name, operation, text }: Extract<WordPart, { type: 'ParameterExpansion' }>,
  variables: ShellVariables,
): Value {
  const hasDefault = operation?.type === 'Default' && /[-=]$/.test(operation.operator)
  if (!hasDefault || variables.has(name)) return variable(name, text, variables)
  return wordValue(operation.operand, variables)
}

function variable(name: string, text: string, variables: ShellVariables): Value {
  // Where the caller sets it, the name says what it is.
  const guess = /^REBAR3?$/.test(name)
    ? { value: 'rebar3', known: true }
    : { value: text, known: false }
  return variables.get(name) ?? guess
}

/** What a word says. A folder that is not known may stand before the name of a program. */
export function wordValue({ parts, value }: Word, variables: ShellVariables): Value {
  return parts ? joined(parts.map((part) => partValue(part, variables))) : { value, known: true }
}

/** `$(command -v rebar3)` is the program that it looks for. */
function foundProgram(script: ParsedScript | undefined): Value | undefined {
  const command = script?.commands[0]?.command
  if (command?.type !== 'Command') return undefined
  const words = [command.name, ...command.args].map((word) => word?.text ?? '')
  const looks = words[0] === 'which' || (words[0] === 'command' && words[1] === '-v')
  const program = looks ? words.at(words[0] === 'which' ? 1 : 2) : undefined
  return program === undefined ? undefined : { value: program, known: true }
}
