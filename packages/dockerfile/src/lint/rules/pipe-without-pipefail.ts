import type { Rule } from '@erlmcp/core'
import { commandsOf, programOf } from '../../model/shell-commands.ts'
import { each, history } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const pipeWithoutPipefail: Rule<Dockerfile> = {
  id: 'dockerfile/pipe-without-pipefail',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A pipe that hides a failure',
  why: 'The shell returns the status of the last command, so the build continues with partial output.',
  hint: "Write to a file in two commands, or set shell(['/bin/bash', '-o', 'pipefail', '-c']).",
  references: ['DL4006'],
  bad: example({ instruction: 'RUN', command: 'sort names | head -n 1 > first' }),
  good: example({ instruction: 'RUN', command: 'sort names > sorted && head -n 1 sorted > first' }),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'RUN')) {
      if (typeof node.command !== 'string' || /pipefail/.test(node.command)) continue
      const shell = history(data, at).findLast((one) => one.instruction === 'SHELL')
      if (shell?.command.join(' ').includes('pipefail')) continue
      const piped = commandsOf(node.command).find(({ next }) => next === '|')
      // Commands that only print do not fail.
      if (!piped || ['echo', 'printf', 'yes', ':'].includes(programOf(piped)[0] ?? '')) continue
      yield {
        path: [...path, 'command'],
        message: `the pipe hides a failure of ${piped.words.join(' ')}`,
      }
    }
  },
}
