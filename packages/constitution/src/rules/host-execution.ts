import type { Rule } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { rewrite, shellLine } from '../rewrite/rewrite.ts'
import {
  forbiddenCommands,
  formatCommand,
  type HostCommand,
  type HostFile,
  truncate,
} from '../scan/host-file.ts'
import { example, good } from './example.ts'

export function hostExecution(map: Constitution): Rule<HostFile> {
  return {
    id: 'constitution/host-execution',
    kind: 'breaks',
    summary: 'Erlang runs on the host',
    why: 'The result depends on the OTP release, libraries and state of that host, and no receipt proves it.',
    hint: 'Run the command in its service: `erlmcp rewrite` prints the Docker form.',
    references: ['Docker-Only Constitution'],
    bad: example('rebar3 ct'),
    good,
    *check({ data }) {
      for (const [path, command] of forbiddenCommands(map, data)) {
        if (command.allowed !== undefined) continue
        const message = `\`${truncate(formatCommand(command.words))}\` runs on the host`
        yield { path, message, hint: hintFor(map, command) }
      }
    },
  }
}

function hintFor(map: Constitution, { words }: HostCommand): string {
  const form = rewrite(
    map,
    words.map(({ value }) => value),
  )
  if (!form.defined) return `It has no Docker form: ${form.message}. ${form.hint}`
  const added = form.argv.length - (words.length - 1)
  const line = [shellLine(form.argv.slice(0, added)), formatCommand(words.slice(1))]
  return `In Docker: ${truncate(line.filter(Boolean).join(' '))}`
}
