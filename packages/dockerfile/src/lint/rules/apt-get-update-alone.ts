import type { Rule } from '@erlmcp/core'
import { aptCommands } from '../../model/package-managers.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const aptGetUpdateAlone: Rule<Dockerfile> = {
  id: 'dockerfile/apt-get-update-alone',
  kind: 'breaks',
  summary: 'apt-get update in a RUN of its own',
  why: 'The cached lists grow old, and a later install requests versions that are gone.',
  hint: 'Run update and install in one RUN.',
  references: ['CIS Docker 4.7', 'Trivy DS-0017'],
  bad: example({ instruction: 'RUN', command: 'apt-get update' }),
  good: example({
    instruction: 'RUN',
    command: 'apt-get update && apt-get install -y --no-install-recommends git',
  }),
  *check({ data }) {
    const all = [...aptCommands(data)]
    for (const { place, task, argv } of all) {
      if (task !== 'update') continue
      if (
        all.some(
          (one) => one.place.node === place.node && one.task !== 'update' && one.task !== 'clean',
        )
      )
        continue
      // Other programs may use the lists, such as a script.
      if (String(place.node.command).replace(argv.join(' '), '').includes('install')) continue
      yield {
        path: [...place.path, 'command'],
        message: 'apt-get update runs without an install',
      }
    }
  },
}
