import { findSuggestion, UserError } from '@erlmcp/core'
import type { Arguments, Command, Option } from './command.ts'
import { commands } from './commands.ts'
import { helpOf, overview } from './help.ts'

/** @throws UserError for an option that the command does not have, or too many operands */
export function parse(command: Command, words: readonly string[]): Arguments {
  const options: Record<string, string | boolean> = {}
  const operands: string[] = []
  let onlyOperands = false
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (onlyOperands || !word.startsWith('-')) {
      operands.push(word)
      // What follows the program that is to be run is its own.
      onlyOperands ||= command.operands?.takes === 'command'
    } else if (word === '--') onlyOperands = true
    else {
      const [name, inline] = split(word)
      const option = command.options.find((one) => one.name === name)
      if (!option) throw unknownOption(command, word)
      if (option.value === undefined && inline !== undefined) {
        throw wrong(command, `--${name} takes no value`)
      }
      options[option.name] = option.value
        ? chosen(option, inline ?? nextWord(words[++index]), command)
        : true
    }
  }
  refuseCount(command, operands)
  const stack = command.operands ? undefined : operands[0]
  return { ...(stack !== undefined && { stack }), operands, options }
}

/** Words that are erlmcp's own, not those of a command that it is to run. */
export function ownWords(command: Command, words: readonly string[]): readonly string[] {
  const isOther = (word: string) =>
    word === '--' || (command.operands?.takes === 'command' && !word.startsWith('-'))
  const end = words.findIndex(isOther)
  return end < 0 ? words : words.slice(0, end)
}

function refuseCount(command: Command, operands: readonly string[]): void {
  const { takes = 'stack', words = '' } = command.operands ?? {}
  if (takes === 'stack' && operands.length > 1) {
    throw wrong(command, `two files, ${operands.slice(0, 2).join(' and ')}; it takes one stack`)
  }
  if (takes === 'nothing' && operands.length > 0) throw wrong(command, `${operands[0]} is too much`)
  if (takes === 'one' && operands.length !== 1) throw wrong(command, `it takes one ${words}`)
  if (takes === 'command' && operands.length === 0) throw wrong(command, `it needs ${words}`)
}

/** `--out --force` lacks a folder; who means one of that name writes `--out=--force`. */
function nextWord(word: string | undefined): string | undefined {
  return word?.startsWith('--') ? undefined : word
}

function split(word: string): [name: string, inline: string | undefined] {
  const equals = word.indexOf('=')
  const name = word.replace(/^--?/, '').split('=', 1)[0]!
  return [name, equals < 0 ? undefined : word.slice(equals + 1)]
}

function chosen(option: Option, value: string | undefined, command: Command): string {
  const { name, choices } = option
  if (value === undefined || value === '') throw wrong(command, `--${name} needs ${option.value}`)
  if (choices && !choices.includes(value)) {
    throw wrong(command, `--${name} ${value}: it takes ${choices.join(', ')}`)
  }
  return value
}

function wrong(command: Command, message: string): UserError {
  return new UserError({ message, hint: helpOf(command).split('\n')[2]! })
}

function unknownOption(command: Command, word: string): UserError {
  const [name] = split(word)
  const near = findSuggestion(
    name,
    command.options.map((option) => option.name),
  )
  return wrong(
    command,
    `unknown option ${word}${near === undefined ? '' : `; did you mean --${near}?`}`,
  )
}

export function unknownCommand(argv: readonly string[]): UserError {
  if (argv[0]!.startsWith('-')) {
    return new UserError({
      message: `${argv[0]} stands before the command`,
      hint: overview().split('\n')[0]!,
    })
  }
  const all = commands.map(({ words }) => words.join(' '))
  const said = argv.slice(0, 2).join(' ')
  const near = findSuggestion(argv[0]!, all) ?? findSuggestion(said, all)
  const begun = all.filter((name) => name.startsWith(`${argv[0]} `))
  const hint = near ?? begun[0]
  return new UserError({
    message: `unknown command ${said}${hint === undefined ? '' : `; did you mean ${hint}?`}`,
    hint: begun.length > 0 ? `There are ${begun.join(', ')}.` : overview().split('\n')[0]!,
  })
}
