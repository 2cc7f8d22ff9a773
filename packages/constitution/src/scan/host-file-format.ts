import type { Format } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { constitutionRules } from '../rules/constitution-rules.ts'
import { formatCommand, type HostFile } from './host-file.ts'

/** The format of files that run commands on a host, with the rules of a map. */
export function hostFileFormat(map: Constitution): Format<HostFile> {
  return {
    name: 'constitution',
    rules: constitutionRules(map),
    print: ({ commands }) => commands.map(({ words }) => `${formatCommand(words)}\n`).join(''),
  }
}
