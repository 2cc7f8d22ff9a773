import { parseArgs } from 'node:util'
import { findSuggestion, UserError } from '@erlmcp/core'
import type { Arguments, Command, Entry, Operands } from './command.ts'
import { overview, usage } from './help.ts'
import type { Option } from './options.ts'

const stackOperand: Operands = { label: '[stack.ts]', max: 1 }

/** @throws UserError for an unknown option, an invalid value, or the wrong number of operands */
export function parse(entry: Entry, command: Command, words: readonly string[]): Arguments {
  const values: Record<string, unknown> = {}
  for (const [name, { initial }] of Object.entries(command.options)) values[name] = initial
  const [own, others] = split(command, words)
  const operands: string[] = []
  for (const token of tokensOf(command, own)) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(command.options, token.name) && command.options[token.name]
    if (!option) throw unknownOption(entry, command, token.rawName)
    values[token.name] = read(option, token, values[token.name], entry, command)
  }
  operands.push(...others)
  validateCount(entry, command, operands)
  const stack = command.operands ? values.stack : operands[0]
  return { stack: typeof stack === 'string' ? stack : undefined, operands, options: values }
}

/** Whether the words before any other command ask for help. */
export function asksForHelp(command: Command, words: readonly string[]): boolean {
  const [own] = split(command, words)
  const end = own.indexOf('--')
  return own.slice(0, end < 0 ? own.length : end).some((word) => word === '--help' || word === '-h')
}

/** The words of the command itself, and those of the command that it is to run. */
function split(
  { operands, options }: Command,
  words: readonly string[],
): [own: readonly string[], others: readonly string[]] {
  if (!operands?.rest) return [words, []]
  // The first word that is neither an option nor the value of one begins the other command.
  const hasValue = (word = '') => options[word.replace(/^--/, '')]?.label !== undefined
  const end = words.findIndex(
    (word, index) => word === '--' || !(word.startsWith('-') || hasValue(words[index - 1])),
  )
  if (end < 0) return [words, []]
  return [words.slice(0, end), words.slice(words[end] === '--' ? end + 1 : end)]
}

function tokensOf({ options }: Command, words: readonly string[]) {
  const known = Object.entries(options).map(([name, { label }]) => {
    const type: 'string' | 'boolean' = label === undefined ? 'boolean' : 'string'
    return [name, { type }] as const
  })
  const config = { args: [...words], options: Object.fromEntries(known), strict: false } as const
  return parseArgs({ ...config, allowPositionals: true, tokens: true }).tokens
}

interface OptionToken {
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function read(
  option: Option,
  { rawName, value, inlineValue }: OptionToken,
  before: unknown,
  entry: Entry,
  command: Command,
): unknown {
  const { expected, label } = option
  if (label === undefined && value !== undefined)
    throw wrong(entry, command, rawName, expected, value)
  // `--out --force` lacks a folder; one of that name is `--out=--force`.
  const isMissing = value === '' || (!inlineValue && (value?.startsWith('--') ?? true))
  if (label !== undefined && isMissing) throw wrong(entry, command, rawName, expected, undefined)
  const result = option.read(value ?? '', before)
  if (result === undefined) throw wrong(entry, command, rawName, expected, value)
  return result
}

function wrong(
  entry: Entry,
  command: Command,
  subject: string,
  expected: string,
  value: string | undefined,
): UserError {
  const got = value === undefined ? 'nothing' : JSON.stringify(value)
  return new UserError({
    message: `${subject}: expected ${expected}, got ${got}`,
    hint: usage(entry, command),
  })
}

function validateCount(entry: Entry, command: Command, operands: readonly string[]): void {
  const { label, min = 0, max = Number.POSITIVE_INFINITY } = command.operands ?? stackOperand
  if (operands.length >= min && operands.length <= max) return
  throw new UserError({
    message: `${entry.name}: expected ${label || 'no argument'}, got ${operands.join(' ') || 'nothing'}`,
    hint: usage(entry, command),
  })
}

function unknownOption(entry: Entry, command: Command, option: string): UserError {
  const near = findSuggestion(option.replace(/^--?/, ''), Object.keys(command.options))
  const suggestion = near === undefined ? '' : `; did you mean --${near}?`
  return new UserError({
    message: `unknown option ${option}${suggestion}`,
    hint: usage(entry, command),
  })
}

/** @param names of all commands */
export function unknownCommand(names: readonly string[], argv: readonly string[]): UserError {
  const [first = '', second] = argv
  const usageLine = overview().split('\n')[0]!
  if (first.startsWith('-')) {
    return new UserError({ message: `option ${first} precedes the command`, hint: usageLine })
  }
  const written = [first, second].filter((word) => word !== undefined).join(' ')
  const begun = names.filter((name) => name.startsWith(`${first} `))
  const near = findSuggestion(first, names) ?? findSuggestion(written, names) ?? begun[0]
  return new UserError({
    message: `unknown command ${written}${near === undefined ? '' : `; did you mean ${near}?`}`,
    hint: begun.length > 0 ? `Use one of: ${begun.join(', ')}.` : usageLine,
  })
}
