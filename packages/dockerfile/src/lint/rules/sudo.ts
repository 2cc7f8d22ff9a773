import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const sudo: Rule<Dockerfile> = {
  id: 'dockerfile/sudo',
  kind: 'wasteful',
  summary: 'sudo in a build',
  why: 'A build runs as the USER of the stage: sudo hides which user runs a command, and stays in the image.',
  hint: "Set user('root') above it and the other user below.",
  references: ['DL3004', 'Trivy DS-0010'],
  bad: example({ instruction: 'RUN', command: 'sudo make install' }),
  good: example({ instruction: 'RUN', command: 'make install' }),
  *check({ data }) {
    for (const { path, command } of eachCommand(data)) {
      if (command.words[0] !== 'sudo') continue
      yield { path, message: `${command.words.join(' ')} uses sudo` }
    }
  },
}
