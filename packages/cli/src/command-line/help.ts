import { entries, groups } from '../commands.ts'
import type { Command, Entry } from './command.ts'
import type { Option } from './options.ts'

/** The usage line of a command. */
export function usage({ name }: Entry, { options, operands }: Command): string {
  const shown = Object.entries(options).map((option) => `[${optionText(option)}]`)
  const label = operands?.label ?? '[stack.ts]'
  const words = operands?.rest ? [...shown, '--', label] : [label, ...shown]
  return ['usage: erlmcp', name, ...words].filter(Boolean).join(' ')
}

function optionText([name, { label }]: [string, Option]): string {
  return `--${name}${label === undefined ? '' : ` ${label}`}`
}

/** Every command, or those of a group, such as `backup`. */
export function overview(first?: string): string {
  const shown =
    first === undefined
      ? groups.map(({ title, commands }) => `${title}:\n${listOf(commands)}`).join('\n')
      : listOf(groupOf(first))
  return `usage: erlmcp ${first === undefined ? '' : `${first} `}COMMAND [stack.ts] [OPTIONS]

${shown}
Run erlmcp COMMAND --help for the options of a command. The default stack is stack.ts, stack.mts,
stack.js or stack.mjs, or .projenrc.ts in a projen project with an ErlmcpStack.
Exit codes: 0 success, 1 the check failed, 2 invalid usage or input, 3 a prerequisite is missing,
70 a bug of erlmcp.
`
}

const width = Math.max(...entries.map(({ name }) => name.length))

function listOf(some: readonly Entry[]): string {
  return some.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('')
}

/** The commands of two words that begin with this one. */
export function groupOf(first: string): readonly Entry[] {
  return entries.filter(({ name }) => name.startsWith(`${first} `))
}

export function helpOf(entry: Entry, command: Command): string {
  const options = Object.entries(command.options)
  const left = Math.max(0, ...options.map((option) => optionText(option).length))
  const rows = options.map((option) => {
    const { summary, shownDefault } = option[1]
    const suffix = shownDefault === undefined ? '' : `. Default: ${shownDefault}`
    return `  ${optionText(option).padEnd(left)}  ${summary}${suffix}\n`
  })
  return `${entry.summary}\n\n${usage(entry, command)}\n\n${rows.join('')}`
}
