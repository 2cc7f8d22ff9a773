import type { Command } from './command.ts'
import { commands, groups } from './commands.ts'

function usage({ words, options, operands }: Command): string {
  const shown = options.map(({ name, value }) => `[--${name}${value ? ` ${value}` : ''}]`)
  const most = ['erlmcp', ...words]
  if (operands?.takes === 'command') return [...most, ...shown, '--', operands.words].join(' ')
  return [...most, operands?.words ?? '[stack.ts]', ...shown].filter(Boolean).join(' ')
}

/** Every command, or those that begin with one word, as `backup`. */
export function overview(first?: string): string {
  const shown =
    first === undefined
      ? groups.map(({ title, commands }) => `${title}:\n${listOf(commands)}`).join('\n')
      : listOf(groupOf(first))
  return `usage: erlmcp ${first === undefined ? '' : `${first} `}COMMAND [stack.ts] [OPTIONS]

${shown}
erlmcp COMMAND --help says more. Without a file it takes stack.ts, stack.mts, stack.js or stack.mjs,
and in a projen project with an ErlmcpStack .projenrc.ts.
Exit codes: 0 yes, 1 the answer is no, 2 bad usage or input, 3 something needed is not
there, 70 a bug of erlmcp.
`
}

const width = Math.max(...commands.map(({ words }) => words.join(' ').length))

function listOf(some: readonly Command[]): string {
  return some
    .map(({ words, summary }) => `  ${words.join(' ').padEnd(width)}  ${summary}\n`)
    .join('')
}

/** The commands of two words that begin with this one. */
export function groupOf(first: string): readonly Command[] {
  return commands.filter(({ words }) => words.length > 1 && words[0] === first)
}

export function helpOf(command: Command): string {
  const rows = command.options.map(({ name, value, choices, hint }) => {
    const left = `--${name}${value ? ` ${value}` : ''}`
    return `  ${left.padEnd(16)}  ${hint}${choices ? ` (${choices.join(', ')})` : ''}\n`
  })
  return `${command.summary}\n\nusage: ${usage(command)}\n\n${rows.join('')}`
}
