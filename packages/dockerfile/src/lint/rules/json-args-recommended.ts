import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'
import { each, history } from '../model/walk.ts'

export const jsonArgsRecommended: Rule<Dockerfile> = {
  id: 'dockerfile/json-args-recommended',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A program that runs below a shell',
  why: 'The shell is process 1 and hands on no signal: a stop waits for its grace period and then kills.',
  hint: 'Use the exec form, a list of words.',
  references: ['BuildKit JSONArgsRecommended', 'DL3025'],
  bad: example({ instruction: 'CMD', command: '/opt/app/bin/start' }),
  good: example({ instruction: 'CMD', command: ['/opt/app/bin/start'] }),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'CMD', 'ENTRYPOINT')) {
      if (typeof node.command !== 'string') continue
      const chosen = history(data, at).some((one) => one.instruction === 'SHELL')
      // Whoever chose a shell wants it (BuildKit is silent then, too).
      if (chosen) continue
      yield {
        path: [...path, 'command'],
        message: `${node.instruction} ${JSON.stringify(node.command)} runs in /bin/sh -c`,
      }
    }
  },
}
