import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'
import { commandsOf, programOf } from '../model/shell-commands.ts'
import { each, history } from '../model/walk.ts'

export const pipeWithoutPipefail: Rule<Dockerfile> = {
  id: 'dockerfile/pipe-without-pipefail',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A pipe whose first command may fail unseen',
  why: 'The shell asks the last command alone; the build goes on with half a result.',
  hint: "Write to a file in two commands, or run the stage in shell(['/bin/bash', '-o', 'pipefail', '-c']).",
  references: ['DL4006'],
  bad: example({ instruction: 'RUN', command: 'sort names | head -n 1 > first' }),
  good: example({ instruction: 'RUN', command: 'sort names > sorted && head -n 1 sorted > first' }),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'RUN')) {
      if (typeof node.command !== 'string' || /pipefail/.test(node.command)) continue
      const shell = history(data, at).findLast((one) => one.instruction === 'SHELL')
      if (shell?.command.join(' ').includes('pipefail')) continue
      const piped = commandsOf(node.command).find(({ next }) => next === '|')
      // What only prints cannot fail in a way that matters.
      if (!piped || ['echo', 'printf', 'yes', ':'].includes(programOf(piped)[0] ?? '')) continue
      yield {
        path: [...path, 'command'],
        message: `a failure of ${piped.words.join(' ')} goes unseen`,
      }
    }
  },
}
