import type { Rule } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { forbiddenCommands, formatCommand, type HostFile, truncate } from '../scan/host-file.ts'
import { example, good } from './example.ts'

export function allowedWithoutReason(map: Constitution): Rule<HostFile> {
  return {
    id: 'constitution/allowed-without-reason',
    kind: 'breaks',
    summary: 'A comment that allows host execution has no reason',
    why: 'Without a reason nothing tells whether the exception is still needed.',
    hint: 'Write the reason after `erlmcp-guard: allow`.',
    references: ['Docker-Only Constitution'],
    bad: example('rebar3 ct', ''),
    good,
    *check({ data }) {
      for (const [path, { words, allowed }] of forbiddenCommands(map, data)) {
        if (allowed === '') {
          yield {
            path,
            message: `\`${truncate(formatCommand(words))}\` is allowed without a reason`,
          }
        }
      }
    },
  }
}
