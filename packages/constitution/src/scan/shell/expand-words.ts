import type {
  DoubleQuotedChild,
  ParameterExpansionPart,
  ParsedScript,
  SyntaxNode,
  Word,
  WordPart,
} from 'unbash'
import { programName } from '../../rewrite/rewrite.ts'
import type { ShellWord, Value, VariableValue } from './shell-word.ts'

/** The variables that the text sets. `@` has the positional parameters. */
export type ShellVariables = ReadonlyMap<string, VariableValue>

/** The words that a word expands to: elements of arrays, braces, and split variables. */
export function expandWord(word: Word, original: string, variables: ShellVariables): ShellWord[] {
  const origin = { text: original.slice(word.pos, word.end), start: word.pos, end: word.end }
  const list = arrayElements(word, variables)
  if (list) return list.map((one) => ({ ...origin, text: one.value, ...one }))
  const { value, known: isKnown } = wordValue(word, variables)
  // A placeholder differs from the source, and its value is unknown.
  const known = isKnown && origin.text === word.text
  const [first] = word.parts ?? []
  const hasBraces = word.parts?.some(({ type }) => type === 'BraceExpansion')
  if (hasBraces) return expandBraces(value).map((one) => ({ value: one, known, ...origin }))
  const isSplit = word.parts?.length === 1 && isExpansion(first!)
  if (!isSplit || !known) return [{ value, known, ...origin }]
  const pieces = value.split(/\s+/).filter(Boolean)
  return pieces.map((piece) => ({ value: piece, known, ...origin, text: piece }))
}

function isExpansion({ type }: WordPart): boolean {
  return type === 'SimpleExpansion' || type === 'ParameterExpansion' || type === 'CommandExpansion'
}

/** The elements of `"${array[@]}"` or `"$@"`; undefined for other words. */
function arrayElements(word: Word, variables: ShellVariables): VariableValue | undefined {
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
  const elements = variables.get(isPositional ? '@' : part.parameter)
  if (part.operation?.type !== 'Slice') return elements
  const from = Number(part.operation.offset.value)
  return elements?.slice(Math.max(0, isPositional ? from - 1 : from))
}

/** `{rebar3,ct}` as bash expands it. Ranges are not expanded. */
function expandBraces(text: string): string[] {
  const found = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text)
  if (!found) return [text]
  const [, before = '', inner = '', after = ''] = found
  return inner.split(',').flatMap((one) => expandBraces(before + one + after))
}

function concatenate(values: readonly Value[]): Value {
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
      return concatenate(part.parts.map((one) => partValue(one, variables)))
    case 'SimpleExpansion':
      return variable(part.text.slice(1), part.text, variables)
    case 'ParameterExpansion':
      return parameter(part, variables)
    case 'CommandExpansion':
      return substitution(part.script, variables) ?? { value: part.text, known: false }
    default:
      return { value: part.text, known: false }
  }
}

function parameter(part: ParameterExpansionPart, variables: ShellVariables): Value {
  const { parameter: name, operation, text, prefix, index } = part
  const unknown = { value: text, known: false }
  if (prefix === '#') return unknown
  if (prefix === '!') {
    const elements = variables.get(name)
    return elements?.[0] ? variable(elements[0].value, text, variables) : unknown
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

/** Takes the last element when the index is a key or a variable. */
function elementOf(elements: VariableValue | undefined, index: string): Value | undefined {
  return /^\d+$/.test(index) ? elements?.[Number(index)] : elements?.at(-1)
}

function variable(name: string, text: string, variables: ShellVariables): Value {
  const elements = variables.get(/^[@*]$/.test(name) ? '@' : name)
  if (elements) {
    return {
      value: elements.map(({ value }) => value).join(' '),
      known: elements.every(({ known }) => known),
    }
  }
  // Set by the caller: the name tells the program.
  return /^REBAR3?$/.test(name) ? { value: 'rebar3', known: true } : { value: text, known: false }
}

/** The value of a word without splitting. An unknown folder may precede the name of a program. */
export function wordValue({ parts, value }: Word, variables: ShellVariables): Value {
  return parts
    ? concatenate(parts.map((part) => partValue(part, variables)))
    : { value, known: true }
}

/** The output of `$(…)`, when it looks up a program or prints its arguments. */
function substitution(
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

/** The output of a command that looks up a program or prints its arguments. */
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
        value: formatPrintf(args.map(({ value }) => value.replaceAll('%', '%%')).join(' '), []),
        known,
      }
    case 'printf':
      return first && { value: formatPrintf(first.value, rest), known }
    default:
      return undefined
  }
}

function formatPrintf(format: string, values: readonly Value[]): string {
  const remaining = [...values]
  const pass = () =>
    format
      .replace(/%[sbq]/g, () => remaining.shift()?.value ?? '')
      .replaceAll('%%', '%')
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t')
      .replaceAll('\\0', '\0')
  let text = pass()
  while (remaining.length > 0 && /%[sbq]/.test(format)) text += pass()
  return text
}
