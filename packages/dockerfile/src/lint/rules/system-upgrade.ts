import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const systemUpgrade: Rule<Dockerfile> = {
  id: 'dockerfile/system-upgrade',
  kind: 'wasteful',
  summary: 'A build that upgrades its base image',
  why: 'Each build gives another image, and the old packages stay in the layer below.',
  hint: 'Use a newer base image.',
  references: ['DL3005', 'DL3017'],
  bad: example({ instruction: 'RUN', command: 'apt-get update && apt-get upgrade -y' }),
  good: example({ instruction: 'RUN', command: 'true' }),
  *check({ data }) {
    for (const { path, text } of eachCommand(data)) {
      if (
        !/^(?:apt-get|apt|aptitude) (?:-\S+ )*(?:dist-upgrade|full-upgrade|upgrade)\b|^apk (?:-\S+ )*upgrade\b/.test(
          text,
        )
      )
        continue
      yield { path, message: `${text} upgrades packages of the base image` }
    }
  },
}
