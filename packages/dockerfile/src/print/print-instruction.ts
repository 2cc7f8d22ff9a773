import { formatValue } from '@erlmcp/core'
import type { Add, Copy, Instruction } from '../schema/document.gen.ts'
import { type InstructionEntry, instructions } from '../schema/instructions.ts'
import type { Argument, Command, Pair, Text } from '../schema/text.ts'
import { printSources } from './print-copy.ts'
import { printFlags } from './print-flags.ts'
import {
  delimiterFor,
  type Escape,
  jsonArray,
  quoted,
  reject,
  unquoted,
  validateLine,
  validateText,
} from './quote.ts'

/** One instruction, without its comment: a line, continuation lines, heredocs. */
export function printInstruction(node: Instruction, escapeChar: Escape): string {
  const { instruction } = node
  if (instruction === 'HEALTHCHECK' && node.command === undefined) return 'HEALTHCHECK NONE'
  const { syntax, flags } = instructions[instruction] as InstructionEntry
  const words = [
    ...printFlags(instruction, node, flags, escapeChar),
    printArguments(node, escapeChar),
  ]
  // RUN has each flag on a line of its own, and the command on the last.
  return `${instruction} ${words.join(syntax === 'run' ? ` ${escapeChar}\n    ` : ' ')}`
}

/** What follows the flags, by the syntax of the instruction. */
function printArguments(node: Instruction, escapeChar: Escape): string {
  const { instruction } = node
  const entry: InstructionEntry = instructions[instruction]
  const [name = ''] = Object.keys(entry.arguments)
  // The table has the keys of the node's type.
  const value: unknown = (node as unknown as Readonly<Record<string, unknown>>)[name]
  const list = <T>() => atLeastOne(value as readonly T[], instruction)
  switch (entry.syntax) {
    case 'command':
      return commandLine(value as Command, instruction)
    case 'copy':
      return printSources(node as Copy | Add, escapeChar)
    case 'declarations':
      return list<Argument>()
        .map((one) => printDeclaration(one, escapeChar))
        .join(' ')
    case 'from':
      return reject(`${instruction} is not an instruction of a stage`, 'Start another stage.')
    case 'healthcheck':
      return `CMD ${commandLine(value as Command, instruction)}`
    case 'instruction':
      return printInstruction(value as Instruction, escapeChar)
    case 'json':
      return jsonArray(
        entry.arguments[name]!.type === 'words'
          ? list<string>()
          : list<Text>().map((text) => unquoted(text, instruction, escapeChar)),
        instruction,
      )
    case 'line':
      return validateLine((value as string).trim(), instruction)
    case 'pairs':
      return list<Pair>()
        .map((pair) => printPair(pair, instruction, escapeChar))
        .join(` ${escapeChar}\n    `)
    case 'ports':
      return list<Text>()
        .map((port) => printPort(port, escapeChar))
        .join(' ')
    case 'run':
      return runCommand(value as Command)
    case 'word':
      return quoted(value as Text, instruction, escapeChar)
  }
}

function atLeastOne<T>(list: readonly T[], instruction: string): readonly T[] {
  return asList(list, instruction).length > 0
    ? list
    : reject(`${instruction} is empty`, 'Give it at least one value.')
}

/** JavaScript may pass anything. */
function asList<T>(list: readonly T[], instruction: string): readonly T[] {
  if (Array.isArray(list)) return list
  return reject(
    `${instruction}: expected text or a list of words, got ${formatValue(list)}`,
    'Give it text, or a list of words.',
  )
}

function printDeclaration({ name, default: value }: Argument, escapeChar: Escape): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    reject(
      `invalid name of an ARG ${formatValue(name)}`,
      'Use letters, digits and underscores, beginning with a letter or underscore.',
    )
  }
  return value === undefined ? name : `${name}=${quoted(value, `ARG ${name}`, escapeChar)}`
}

function printPair({ name, value }: Pair, instruction: string, escapeChar: Escape): string {
  if (name === '' || name.includes('=') || (instruction === 'ENV' && /[\s"'$\\`]/.test(name))) {
    reject(
      `${instruction} has the invalid name ${formatValue(name)}`,
      'Use a name that is not empty and has neither `=` nor, in ENV, spaces and quotes.',
    )
  }
  const key = quoted(name, instruction, escapeChar)
  return `${key}=${quoted(value, `${instruction} ${name}`, escapeChar)}`
}

function printPort(port: Text, escapeChar: Escape): string {
  const word = unquoted(port, 'EXPOSE', escapeChar)
  if (word !== '' && !/[\s"'\\`]/.test(word)) return word
  return reject(`EXPOSE: expected a port, got ${formatValue(word)}`, 'Write it as 8080 or 53/udp.')
}

/** The exec form, or text for the shell on one line. */
function commandLine(command: Command, place: string): string {
  if (typeof command !== 'string') return jsonArray(asList(command, place), place)
  const text = validateLine(command.trim(), place)
  const reason = misreadings.find(([pattern]) => pattern.test(text))?.[1]
  if (reason === undefined) return text
  return reject(`${place} ${formatValue(text)} ${reason}`, 'Use the exec form: a list of words.')
}

const misreadings: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty'],
  [/^--/, 'would be read as a flag'],
  [/^\[[\s\S]*\]$/, 'would be read as a JSON list'],
  [/[\\`]$/, 'would join the next line'],
]

function runCommand(command: Command): string {
  if (typeof command !== 'string') return jsonArray(atLeastOne(command, 'RUN'), 'RUN')
  validateText(command, 'RUN')
  if (command.trim() === '') reject('RUN is empty', 'Give it a command.')
  if (fitsOneLine(command)) return command
  const body = command.endsWith('\n') ? command : `${command}\n`
  const name = delimiterFor(body, new Set())
  return `<<${name}\n${body}${name}`
}

// Not what the builder would read as a flag, a list, a comment, a heredoc or half a line.
function fitsOneLine(text: string): boolean {
  return (
    text === text.trim() &&
    !text.includes('\u0085') &&
    !/[\n\r]|<<|^--|^#|^\[[\s\S]*\]$|[\\`]$/.test(text)
  )
}
