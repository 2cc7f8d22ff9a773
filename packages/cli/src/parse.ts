import { UserError } from '@erlmcp/core'
import { type Arguments, type Command, commands, helpOf, type Option, overview } from './command.ts'

/** @throws UserError for an option that the command does not have, or a second file */
export function parse(command: Command, words: readonly string[]): Arguments {
  const options: Record<string, string | boolean> = {}
  const files: string[] = []
  let onlyFiles = false
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (onlyFiles || !word.startsWith('-')) files.push(word)
    else if (word === '--') onlyFiles = true
    else {
      const [name, inline] = split(word)
      const option = command.options.find((one) => one.name === name)
      if (!option) throw unknownOption(command, word)
      if (option.value === undefined && inline !== undefined) {
        throw wrong(command, `--${name} takes no value`)
      }
      options[option.name] = option.value ? chosen(option, inline ?? words[++index], command) : true
    }
  }
  if (files.length > 1) {
    throw wrong(command, `two files, ${files.slice(0, 2).join(' and ')}; it takes one stack`)
  }
  return { ...(files[0] !== undefined && { stack: files[0] }), options }
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

function wrong(command: Command, what: string): UserError {
  return new UserError({ what, help: helpOf(command).split('\n')[2]! })
}

function unknownOption(command: Command, word: string): UserError {
  const [name] = split(word)
  const near = nearest(
    name,
    command.options.map((option) => option.name),
  )
  return wrong(
    command,
    `unknown option ${word}${near === undefined ? '' : `; did you mean --${near}?`}`,
  )
}

export function unknownCommand(argv: readonly string[]): UserError {
  const all = commands.map(({ words }) => words.join(' '))
  const said = argv.slice(0, 2).join(' ')
  const near = nearest(argv[0]!, all) ?? nearest(said, all)
  const begun = all.filter((name) => name.startsWith(`${argv[0]} `))
  const hint = near ?? begun[0]
  return new UserError({
    what: `unknown command ${said}${hint === undefined ? '' : `; did you mean ${hint}?`}`,
    help: overview().split('\n')[0]!,
  })
}

/** The name that is at most two letters away. */
function nearest(word: string, names: readonly string[]): string | undefined {
  const ranked = names.map((name) => ({ name, distance: distance(word, name) }))
  const best = ranked.sort((a, b) => a.distance - b.distance)[0]
  return best && best.distance <= 2 ? best.name : undefined
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, replaced))
    }
    row = next
  }
  return row[b.length]!
}
