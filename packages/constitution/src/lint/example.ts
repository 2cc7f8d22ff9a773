import { constitution } from '../constitution.ts'
import { rewrite } from '../rewrite/rewrite.ts'
import type { HostCommand, HostFile } from '../scan/host-file.ts'

const command = (line: string): HostCommand => ({
  words: line.split(' ').map((text) => ({ value: text, text, known: true })),
  position: { line: 1, column: 1 },
})

/** A file with one command that must not run on the host. */
export const forbidden = (line: string, allowed?: string): HostFile => ({
  commands: [
    {
      ...command(line),
      dockerForm: rewrite(constitution(), line.split(' ')),
      ...(allowed !== undefined && { allowed }),
    },
  ],
})

/** A file with a Docker form. */
export const good: HostFile = {
  commands: [command('docker compose run --rm erlmcp-ct rebar3 ct')],
}
