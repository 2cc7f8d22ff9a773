import type { Rule } from '@erlmcp/core'
import { aptCommands } from '../../model/package-managers.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const aptGetWithoutYes: Rule<Dockerfile> = {
  id: 'dockerfile/apt-get-without-yes',
  kind: 'breaks',
  summary: 'apt-get waits for an answer',
  why: 'A build has no terminal to answer on, so it fails.',
  hint: 'Add `-y`.',
  references: ['DL3014', 'Trivy DS-0021'],
  bad: example({
    instruction: 'RUN',
    command: 'apt-get update && apt-get install --no-install-recommends git',
  }),
  good: example({
    instruction: 'RUN',
    command: 'apt-get update && apt-get install -y --no-install-recommends git',
  }),
  *check({ data }) {
    for (const { path, task, argv, text } of aptCommands(data)) {
      if (!['install', 'upgrade', 'dist-upgrade', 'remove', 'purge', 'autoremove'].includes(task))
        continue
      if (argv.some((word) => /^-\w*y|^--yes$|^--assume-yes$|^-qq$|Assume-Yes/.test(word))) continue
      yield { path, message: `${text} waits for an answer` }
    }
  },
}
