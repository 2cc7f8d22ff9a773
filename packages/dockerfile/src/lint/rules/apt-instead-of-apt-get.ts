import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'
import { eachCommand } from '../model/shell-commands.ts'

export const aptInsteadOfAptGet: Rule<Dockerfile> = {
  id: 'dockerfile/apt-instead-of-apt-get',
  kind: 'wasteful',
  severity: 'note',
  summary: 'apt where apt-get belongs',
  why: 'Its output and options are for people and change without notice.',
  hint: 'Use apt-get or apt-cache.',
  references: ['DL3027'],
  bad: example({ instruction: 'RUN', command: 'apt update' }),
  good: example({ instruction: 'RUN', command: 'apt-cache policy git' }),
  *check({ data }) {
    for (const { place, argv } of eachCommand(data)) {
      if (argv[0] !== 'apt') continue
      yield {
        path: [...place.path, 'command'],
        message: `${argv.join(' ')} is no command for scripts`,
      }
    }
  },
}
