import type { Rule } from '@erlmcp/core'
import { forbiddenCommands, formatCommand, type HostFile, truncate } from '../../scan/host-file.ts'
import { forbidden, good } from '../example.ts'

export const allowed: Rule<HostFile> = {
  id: 'constitution/allowed',
  kind: 'breaks',
  severity: 'note',
  summary: 'A comment allows Erlang to run on the host',
  why: 'An exception should be reviewed from time to time.',
  hint: 'Remove the comment when its reason no longer applies.',
  references: ['Docker-Only Constitution'],
  bad: forbidden('rebar3 ct', 'the runner is a container'),
  good,
  *check({ data }) {
    for (const [path, { words, allowed: reason }] of forbiddenCommands(data)) {
      if (reason) {
        yield { path, message: `\`${truncate(formatCommand(words))}\` is allowed: ${reason}` }
      }
    }
  },
}
