import type { Rule } from '@erlmcp/core'
import { aptCommands } from '../../model/package-managers.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const aptGetListsNotRemoved: Rule<Dockerfile> = {
  id: 'dockerfile/apt-get-lists-not-removed',
  kind: 'wasteful',
  summary: 'apt-get keeps its package lists in the image',
  why: 'The lists add tens of megabytes that are outdated soon.',
  hint: 'End the RUN with `rm -rf /var/lib/apt/lists/*`, or mount a cache there.',
  references: ['DL3009'],
  bad: example({
    instruction: 'RUN',
    command: 'apt-get update && apt-get install -y --no-install-recommends git',
  }),
  good: example({
    instruction: 'RUN',
    command:
      'apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*',
  }),
  *check({ data }) {
    for (const { place, path, task } of aptCommands(data)) {
      if (task !== 'update') continue
      const { command, mounts = [] } = place.node
      const mounted = mounts.some(({ target }) =>
        /^\/var\/lib\/apt/.test(literalOf(target ?? '') ?? ''),
      )
      if (mounted || /\/var\/lib\/apt\/lists/.test(String(command))) continue
      yield { path, message: 'apt-get update leaves /var/lib/apt/lists in the image' }
    }
  },
}
