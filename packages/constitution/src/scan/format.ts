import type { Format } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { constitutionRules } from '../rules/index.ts'
import { type HostFile, lineOf } from './host-file.ts'

/** The language of files that run commands on a host, judged by a map. */
export function hostFileFormat(map: Constitution): Format<HostFile> {
  return {
    name: 'constitution',
    rules: constitutionRules(map),
    print: ({ commands }) => commands.map(({ words }) => `${lineOf(words)}\n`).join(''),
  }
}
