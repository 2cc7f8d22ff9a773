import type { Rule } from '@erlmcp/core'
import type { HostFile } from '../../scan/host-file.ts'
import { good } from '../example.ts'

export const unreadable: Rule<HostFile> = {
  id: 'constitution/unreadable',
  kind: 'breaks',
  summary: 'A file cannot be parsed',
  why: 'The scan may miss commands in it.',
  hint: 'Fix its syntax. To leave the file out, name the files to scan.',
  references: ['Docker-Only Constitution'],
  bad: { commands: [], unreadable: 'a bracket is missing' },
  good,
  *check({ data }) {
    if (data.unreadable !== undefined) {
      yield { path: [], message: `the file cannot be parsed: ${data.unreadable}` }
    }
  },
}
