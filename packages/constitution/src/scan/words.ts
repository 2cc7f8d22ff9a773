import type {
  DoubleQuotedChild,
  ParameterExpansionPart,
  ParsedScript,
  SyntaxNode,
  Word,
  WordPart,
} from 'unbash'
import { programName } from '../rewrite/rewrite.ts'
import type { ShellWord } from './shell-word.ts'

export interface Value {
  readonly value: string
  readonly known: boolean
}

/** What a variable holds: one word, or those of an array; with their place where that is in the text. */
export type Held = readonly (Value & Partial<ShellWord>)[]

/** What variables hold, as far as the text itself says. `@` has the positional parameters. */
export type ShellVariables = ReadonlyMap<string, Held>

/** The words that a word becomes: arrays, braces, and unquoted variables are split. */
export function wordsOf(word: Word, shown: string, variables: ShellVariables): ShellWord[] {
  const place = { text: shown.slice(word.pos, word.end), start: word.pos, end: word.end }
  const list = listOf(word, variables)
  if (list) return list.map((one) => ({ ...place, text: one.value, ...one }))
  const { value, known: isKnown } = wordValue(word, variables)
  // A placeholder stands for what nobody knows.
  const known = isKnown && place.text === word.text
  const [first] = word.parts ?? []
  const hasBraces = word.parts?.some(({ type }) => type === 'BraceExpansion')
  if (hasBraces) return withoutBraces(value).map((one) => ({ value: one, known, ...place }))
  const isSplit = word.parts?.length === 1 && isExpansion(first!)
  if (!isSplit || !known) return [{ value, known, ...place }]
  const pieces = value.split(/\s+/).filter(Boolean)
  return pieces.map((piece) => ({ value: piece, known, ...place, text: piece }))
}

function isExpansion({ type }: WordPart): boolean {
  return type === 'SimpleExpansion' || type === 'ParameterExpansion' || type === 'CommandExpansion'
}

/** The elements of `"${array[@]}"`, `"$@"` and their like; undefined for other words. */
function listOf(word: Word, variables: ShellVariables): Held | undefined {
  const [first, ...others] = word.parts ?? []
  if (!first || others.length > 0) return undefined
  const [part, ...more] = first.type === 'DoubleQuoted' ? first.parts : [first]
  if (!part || more.length > 0) return undefined
  if (part.type === 'SimpleExpansion') {
    return /^\$[@*]$/.test(part.text) ? variables.get('@') : undefined
  }
  if (part.type !== 'ParameterExpansion' || part.prefix) return undefined
  const isPositional = /^[@*]$/.test(part.parameter)
  if (!isPositional && !/^[@*]$/.test(part.index?.value ?? '')) return undefined
  const held = variables.get(isPositional ? '@' : part.parameter)
  if (part.operation?.type !== 'Slice') return held
  const from = Number(part.operation.offset.value)
  return held?.slice(Math.max(0, isPositional ? from - 1 : from))
}

/** `{rebar3,ct}` as bash expands it; ranges are left as they are. */
function withoutBraces(text: string): string[] {
  const found = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text)
  if (!found) return [text]
  const [, before = '', inner = '', after = ''] = found
  return inner.split(',').flatMap((one) => withoutBraces(before + one + after))
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
    case 'BraceExpansion':
      return { value: part.text, known: true }
    case 'DoubleQuoted':
    case 'LocaleString':
      return joined(part.parts.map((one) => partValue(one, variables)))
    case 'SimpleExpansion':
      return variable(part.text.slice(1), part.text, variables)
    case 'ParameterExpansion':
      return parameter(part, variables)
    case 'CommandExpansion':
      return substituted(part.script, variables) ?? { value: part.text, known: false }
    default:
      return { value: part.text, known: false }
  }
}

function parameter(part: ParameterExpansionPart, variables: ShellVariables): Value {
  const { parameter: name, operation, text, prefix, index } = part
  const unknown = { value: text, known: false }
  if (prefix === '#') return unknown
  if (prefix === '!') {
    const held = variables.get(name)
    return held?.[0] ? variable(held[0].value, text, variables) : unknown
  }
  if (index && !/^[@*]$/.test(index.value))
    return elementOf(variables.get(name), index.value) ?? unknown
  const own = variable(name, text, variables)
  if (!operation) return own
  if (operation.type !== 'Default') return unknown
  if (operation.operator.endsWith('+')) return wordValue(operation.operand, variables)
  const isSet = variables.has(name) && (own.value !== '' || !operation.operator.startsWith(':'))
  return isSet || operation.operator.endsWith('?') ? own : wordValue(operation.operand, variables)
}

/** Of an associative array, or behind a variable, the last one stands for all. */
function elementOf(held: Held | undefined, index: string): Value | undefined {
  return /^\d+$/.test(index) ? held?.[Number(index)] : held?.at(-1)
}

function variable(name: string, text: string, variables: ShellVariables): Value {
  const held = variables.get(/^[@*]$/.test(name) ? '@' : name)
  if (held) {
    return {
      value: held.map(({ value }) => value).join(' '),
      known: held.every(({ known }) => known),
    }
  }
  // Where the caller sets it, the name says what it is.
  return /^REBAR3?$/.test(name) ? { value: 'rebar3', known: true } : { value: text, known: false }
}

/** What a word says. A folder that is not known may stand before the name of a program. */
export function wordValue({ parts, value }: Word, variables: ShellVariables): Value {
  return parts ? joined(parts.map((part) => partValue(part, variables))) : { value, known: true }
}

/** What `$(…)` prints, where it only looks for a program or prints its arguments. */
function substituted(
  script: ParsedScript | undefined,
  variables: ShellVariables,
): Value | undefined {
  let node: SyntaxNode | undefined = script?.commands[0]?.command
  if (node?.type === 'AndOr') node = node.commands[0]
  if (node?.type !== 'Command' || !node.name) return undefined
  const words = [node.name, ...node.args.filter((one) => one.type === 'Word')]
  const values = words.map((word) => wordValue(word, variables))
  const [document] = node.redirects.filter((one) => one.type === 'HereDoc')
  if (values[0]?.value === 'cat' && document) return { value: document.body.text, known: true }
  return outputOf(values)
}

/** What a command prints that only looks for a program or prints its arguments. */
export function outputOf(values: readonly Value[]): Value | undefined {
  const [program, first, ...rest] = values
  const known = values.every((one) => one.known)
  const args = values.slice(1).filter((one) => !/^-[a-zA-Z]+$/.test(one.value))
  switch (programName(program?.value ?? '')) {
    case 'which':
    case 'readlink':
    case 'realpath':
      return args.at(-1)
    case 'command':
      return /^-[vV]$/.test(first?.value ?? '') ? rest[0] : undefined
    case 'type':
      return /^-[pP]$/.test(first?.value ?? '') ? rest[0] : undefined
    case 'asdf':
    case 'mise':
      return first?.value === 'which' ? rest[0] : undefined
    case 'echo':
      return {
        value: printed(args.map(({ value }) => value.replaceAll('%', '%%')).join(' '), []),
        known,
      }
    case 'printf':
      return first && { value: printed(first.value, rest), known }
    default:
      return undefined
  }
}

function printed(format: string, values: readonly Value[]): string {
  const left = [...values]
  const pass = () =>
    format
      .replace(/%[sbq]/g, () => left.shift()?.value ?? '')
      .replaceAll('%%', '%')
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t')
      .replaceAll('\\0', '\0')
  let text = pass()
  while (left.length > 0 && /%[sbq]/.test(format)) text += pass()
  return text
}
