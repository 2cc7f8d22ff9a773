import type { Rule } from '@erlmcp/core'
import { aptCommands } from '../../model/package-managers.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const aptGetRecommends: Rule<Dockerfile> = {
  id: 'dockerfile/apt-get-recommends',
  kind: 'wasteful',
  summary: 'apt-get installs recommended packages',
  why: 'The image grows by packages that it does not need.',
  hint: 'Add `--no-install-recommends`.',
  references: ['DL3015', 'Trivy DS-0029'],
  bad: example({ instruction: 'RUN', command: 'apt-get update && apt-get install -y git' }),
  good: example({
    instruction: 'RUN',
    command: 'apt-get update && apt-get install -y --no-install-recommends git',
  }),
  *check({ data }) {
    for (const { path, task, argv, text } of aptCommands(data)) {
      if (
        task !== 'install' ||
        argv.some((word) => /no-install-recommends|Install-Recommends=(?:0|false|no)/.test(word))
      )
        continue
      yield { path, message: `${text} installs recommended packages` }
    }
  },
}
