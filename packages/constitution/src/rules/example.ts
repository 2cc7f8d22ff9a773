import type { HostFile } from '../scan/host-file.ts'

/** A file with one command. */
export const example = (line: string, allowed?: string): HostFile => ({
  commands: [
    {
      words: line.split(' ').map((text) => ({ value: text, text, known: true })),
      position: { line: 1, column: 1 },
      ...(allowed !== undefined && { allowed }),
    },
  ],
  isErlang: true,
})

/** The Docker form. */
export const good = example('docker compose run --rm erlmcp-ct rebar3 ct')
