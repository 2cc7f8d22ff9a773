import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const shellReplaced: Rule<Dockerfile> = {
  id: 'dockerfile/shell-replaced',
  kind: 'breaks',
  severity: 'warning',
  summary: '/bin/sh is linked to another shell',
  why: 'Scripts of packages rely on the shell of the distribution.',
  hint: "Use shell(['/bin/bash', '-c']).",
  references: ['DL4005'],
  bad: example({ instruction: 'RUN', command: 'ln -sf /bin/bash /bin/sh' }),
  good: example({ instruction: 'SHELL', command: ['/bin/bash', '-c'] }),
  *check({ data }) {
    for (const { path, argv, text } of eachCommand(data)) {
      if (argv[0] !== 'ln' || argv.at(-1) !== '/bin/sh') continue
      yield { path, message: `${text} replaces /bin/sh of the distribution` }
    }
  },
}
