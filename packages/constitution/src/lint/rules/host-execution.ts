import type { Rule } from '@erlmcp/core'
import { shellLine } from '../../rewrite/rewrite.ts'
import {
  type ForbiddenCommand,
  forbiddenCommands,
  formatCommand,
  type HostFile,
  truncate,
} from '../../scan/host-file.ts'
import { forbidden, good } from '../example.ts'

export const hostExecution: Rule<HostFile> = {
  id: 'constitution/host-execution',
  kind: 'breaks',
  summary: 'Erlang runs on the host',
  why: 'The result depends on the OTP release, libraries and state of that host, and no receipt proves it.',
  hint: 'Run the command in its service: `erlmcp rewrite` prints the Docker form.',
  references: ['Docker-Only Constitution'],
  bad: forbidden('rebar3 ct'),
  good,
  *check({ data }) {
    for (const [path, command] of forbiddenCommands(data)) {
      if (command.allowed !== undefined) continue
      const message = `\`${truncate(formatCommand(command.words))}\` runs on the host`
      yield { path, message, hint: hintFor(command) }
    }
  },
}

/** The Docker form, with the words as the file has them. */
function hintFor({ words, dockerForm }: ForbiddenCommand): string {
  if (!dockerForm.defined) {
    return `It has no Docker form: ${dockerForm.message}. ${dockerForm.hint}`
  }
  const added = dockerForm.argv.length - (words.length - 1)
  const line = [shellLine(dockerForm.argv.slice(0, added)), formatCommand(words.slice(1))]
  return `In Docker: ${truncate(line.filter(Boolean).join(' '))}`
}
