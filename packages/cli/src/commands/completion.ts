import { UserError } from '@erlmcp/core'
import { command, type Entry } from '../command-line/command.ts'
import { type CommandWords, completionScripts } from '../command-line/completion.ts'
import { exit } from '../exit.ts'

const shells = Object.keys(completionScripts)

/** Prints a script: `source <(erlmcp completion bash)`. */
export const completionOf = (entries: readonly Entry[]) =>
  command({
    operands: { label: shells.join('|'), min: 1, max: 1 },
    options: {},
    async run({ operands: [shell] }, output) {
      const script = Object.hasOwn(completionScripts, shell!) && completionScripts[shell!]
      if (!script) {
        throw new UserError({
          message: `unsupported shell ${JSON.stringify(shell)}`,
          hint: `Use one of: ${shells.join(', ')}.`,
        })
      }
      output.out(script(await Promise.all(entries.map(wordsOf))))
      return exit.ok
    },
  })

async function wordsOf({ name, summary, load }: Entry): Promise<CommandWords> {
  const { operands, options } = (await load()).default
  return {
    name,
    summary,
    operands: operands
      ? /^[\w|[\]]+$/.test(operands.label)
        ? wordsIn(operands.label)
        : []
      : 'file',
    options: Object.entries(options).map(([option, { summary, label, completion }]) => ({
      name: option,
      summary,
      hasValue: label !== undefined,
      ...(completion !== undefined && { completion }),
    })),
  }
}

/** `[blue|green]` has the words blue and green; `[FILE]` is a file. */
function wordsIn(label: string): readonly string[] | 'file' {
  if (label === '[FILE]') return 'file'
  return label.includes('|') ? label.replace(/[[\]]/g, '').split('|') : []
}
