import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const aptInsteadOfAptGet: Rule<Dockerfile> = {
  id: 'dockerfile/apt-instead-of-apt-get',
  kind: 'wasteful',
  severity: 'note',
  summary: 'apt in a script',
  why: 'The options and the output of apt are made for terminals and may change.',
  hint: 'Use `apt-get` or `apt-cache`.',
  references: ['DL3027'],
  bad: example({ instruction: 'RUN', command: 'apt update' }),
  good: example({ instruction: 'RUN', command: 'apt-cache policy git' }),
  *check({ data }) {
    for (const { path, argv, text } of eachCommand(data)) {
      if (argv[0] !== 'apt') continue
      yield { path, message: `${text} uses apt, whose interface is unstable` }
    }
  },
}
