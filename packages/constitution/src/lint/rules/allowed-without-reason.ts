import type { Rule } from '@erlmcp/core'
import { forbiddenCommands, formatCommand, type HostFile, truncate } from '../../scan/host-file.ts'
import { forbidden, good } from '../example.ts'

export const allowedWithoutReason: Rule<HostFile> = {
  id: 'constitution/allowed-without-reason',
  kind: 'breaks',
  summary: 'A comment that allows host execution has no reason',
  why: 'Without a reason nothing tells whether the exception is still needed.',
  hint: 'Write the reason after `erlmcp-guard: allow`.',
  references: ['Docker-Only Constitution'],
  bad: forbidden('rebar3 ct', ''),
  good,
  *check({ data }) {
    for (const [path, { words, allowed }] of forbiddenCommands(data)) {
      if (allowed !== '') continue
      yield { path, message: `\`${truncate(formatCommand(words))}\` is allowed without a reason` }
    }
  },
}
