import type { Rule } from '@erlmcp/core'
import { commandsOf } from '../../model/shell-commands.ts'
import { each, history } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const heredocWithoutErrexit: Rule<Dockerfile> = {
  id: 'dockerfile/heredoc-without-errexit',
  kind: 'breaks',
  summary: 'A heredoc that continues after a failure',
  why: 'The shell returns the status of the last command, so the build continues after a failed one.',
  hint: 'Begin with `set -e`.',
  references: ['Dockerfile reference here-documents'],
  bad: example({ instruction: 'RUN', command: 'make\nmake install' }),
  good: example({ instruction: 'RUN', command: 'set -eu\nmake\nmake install' }),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'RUN')) {
      if (typeof node.command !== 'string' || node.command.startsWith('#!')) continue
      const shell = history(data, at).findLast((one) => one.instruction === 'SHELL')
      if (shell?.command.some((word) => /^-\w*e/.test(word) || word === 'errexit')) continue
      const commands = commandsOf(node.command)
      // Commands joined by && stop at the first failure.
      const loose = commands.slice(0, -1).some(({ next }) => next === ';')
      const strict = commands.some(
        ({ words }) => words[0] === 'set' && words.some((word) => /^-\w*e|^errexit$/.test(word)),
      )
      if (!loose || strict || !node.command.includes('\n')) continue
      if (commands.every(({ words }) => words[0] !== 'set') && isOneCompound(node.command)) continue
      yield {
        path: [...path, 'command'],
        message: 'a failed command does not stop the heredoc without `set -e`',
      }
    }
  },
}

// A heredoc of the shell or a loop is one command of several lines.
function isOneCompound(text: string): boolean {
  const [first = ''] = text.trimStart().split('\n')
  return /<<|^(?:for|while|until|case)\b/.test(first) || /\\$/.test(first)
}
