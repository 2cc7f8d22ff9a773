import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'
import { eachCommand } from '../model/shell-commands.ts'

export const uselessProgram: Rule<Dockerfile> = {
  id: 'dockerfile/useless-program',
  kind: 'wasteful',
  summary: 'A program that makes no sense in a build',
  why: 'There is no init, no session and nobody to look at it.',
  hint: 'Take it out.',
  references: ['DL3001'],
  bad: example({ instruction: 'RUN', command: 'service postgresql start' }),
  good: example({ instruction: 'RUN', command: 'make' }),
  *check({ data }) {
    for (const { place, argv } of eachCommand(data)) {
      if (!pointless.has(argv[0] ?? '')) continue
      yield {
        path: [...place.path, 'command'],
        message: `${argv.join(' ')} does nothing of use in a build`,
      }
    }
  },
}

const pointless = new Set(
  'free htop ifconfig kill mount nano ps service shutdown ssh systemctl top vi vim'.split(' '),
)
