import type { Rule } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { forbiddenCommands, formatCommand, type HostFile, truncate } from '../scan/host-file.ts'
import { example, good } from './example.ts'

export function allowed(map: Constitution): Rule<HostFile> {
  return {
    id: 'constitution/allowed',
    kind: 'breaks',
    severity: 'note',
    summary: 'A comment allows Erlang to run on the host',
    why: 'An exception should be reviewed from time to time.',
    hint: 'Remove the comment when its reason no longer applies.',
    references: ['Docker-Only Constitution'],
    bad: example('rebar3 ct', 'the runner is a container'),
    good,
    *check({ data }) {
      for (const [path, { words, allowed: reason }] of forbiddenCommands(map, data)) {
        if (reason) {
          yield { path, message: `\`${truncate(formatCommand(words))}\` is allowed: ${reason}` }
        }
      }
    },
  }
}
