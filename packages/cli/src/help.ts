import type { Command } from './command.ts'
import { commands } from './commands.ts'

function usage({ words, options, operands }: Command): string {
  const shown = options.map(({ name, value }) => `[--${name}${value ? ` ${value}` : ''}]`)
  const most = ['erlmcp', ...words]
  if (operands?.takes === 'command') return [...most, ...shown, '--', operands.words].join(' ')
  return [...most, operands?.words ?? '[stack.ts]', ...shown].filter(Boolean).join(' ')
}

export function overview(): string {
  const width = Math.max(...commands.map(({ words }) => words.join(' ').length))
  const list = commands.map(
    ({ words, summary }) => `  ${words.join(' ').padEnd(width)}  ${summary}\n`,
  )
  return `usage: erlmcp COMMAND [stack.ts] [OPTIONS]

${list.join('')}
erlmcp COMMAND --help says more. Without a file it takes stack.ts, stack.mts, stack.js or stack.mjs.
Exit codes: 0 yes, 1 the answer is no, 2 bad usage or input, 3 something needed is not
there, 70 a bug of erlmcp.
`
}

export function helpOf(command: Command): string {
  const rows = command.options.map(({ name, value, choices, help }) => {
    const left = `--${name}${value ? ` ${value}` : ''}`
    return `  ${left.padEnd(16)}  ${help}${choices ? ` (${choices.join(', ')})` : ''}\n`
  })
  return `${command.summary}\n\nusage: ${usage(command)}\n\n${rows.join('')}`
}
