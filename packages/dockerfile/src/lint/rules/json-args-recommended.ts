import type { Rule } from '@erlmcp/core'
import { each, history } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const jsonArgsRecommended: Rule<Dockerfile> = {
  id: 'dockerfile/json-args-recommended',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A program that runs in a shell',
  why: 'The shell is process 1 and does not forward signals, so a stop waits for its grace period and kills the program.',
  hint: 'Use the exec form, a list of words.',
  references: ['BuildKit JSONArgsRecommended', 'DL3025'],
  bad: example({ instruction: 'CMD', command: '/opt/app/bin/start' }),
  good: example({ instruction: 'CMD', command: ['/opt/app/bin/start'] }),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'CMD', 'ENTRYPOINT')) {
      if (typeof node.command !== 'string') continue
      const chosen = history(data, at).some((one) => one.instruction === 'SHELL')
      // BuildKit does not report it either where SHELL is set.
      if (chosen) continue
      yield {
        path: [...path, 'command'],
        message: `${node.instruction} ${JSON.stringify(node.command)} runs in /bin/sh -c`,
      }
    }
  },
}
