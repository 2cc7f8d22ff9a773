import type { Format } from '@erlmcp/core'
import { rules } from '../lint/rules.gen.ts'
import { formatCommand, type HostFile } from './host-file.ts'

/** The format of files that run commands on a host. */
export const hostFileFormat: Format<HostFile> = {
  name: 'constitution',
  rules,
  print: ({ commands }) => commands.map(({ words }) => `${formatCommand(words)}\n`).join(''),
}
