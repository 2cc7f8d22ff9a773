import type { Rule } from '@erlmcp/core'
import type { HostFile } from '../scan/host-file.ts'
import { good } from './example.ts'

export const unreadable: Rule<HostFile> = {
  id: 'constitution/unreadable',
  kind: 'breaks',
  summary: 'A file that cannot be read, so that nobody knows what it runs',
  why: 'Host execution in it stays unseen.',
  hint: 'Mend it; a file that is meant to be so can be left out by naming the others.',
  references: ['Docker-Only Constitution'],
  bad: { commands: [], erlang: true, unreadable: 'a bracket is missing' },
  good,
  *check({ data }) {
    if (data.unreadable !== undefined) {
      yield { path: [], message: `it cannot be read: ${data.unreadable}` }
    }
  },
}
