import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const uselessProgram: Rule<Dockerfile> = {
  id: 'dockerfile/useless-program',
  kind: 'wasteful',
  summary: 'A program that has no effect in a build',
  why: 'A build has no init system, no session and no terminal.',
  hint: 'Remove it.',
  references: ['DL3001'],
  bad: example({ instruction: 'RUN', command: 'service postgresql start' }),
  good: example({ instruction: 'RUN', command: 'make' }),
  *check({ data }) {
    for (const { path, argv, text } of eachCommand(data)) {
      if (!useless.has(argv[0] ?? '')) continue
      yield { path, message: `${text} has no effect in a build` }
    }
  },
}

const useless = new Set(
  'free htop ifconfig kill mount nano ps service shutdown ssh systemctl top vi vim'.split(' '),
)
