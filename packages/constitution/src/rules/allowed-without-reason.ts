import type { Rule } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { forbidden, type HostFile, lineOf, short } from '../scan/host-file.ts'
import { example, good } from './example.ts'

export function allowedWithoutReason(map: Constitution): Rule<HostFile> {
  return {
    id: 'constitution/allowed-without-reason',
    kind: 'breaks',
    summary: 'A comment that allows host execution and does not say why',
    why: 'Nobody can tell later whether it still has to be there.',
    hint: 'Write `erlmcp-guard: allow` and the reason behind it.',
    references: ['Docker-Only Constitution'],
    bad: example('rebar3 ct', ''),
    good,
    *check({ data }) {
      for (const [path, { words, allowed }] of forbidden(map, data)) {
        if (allowed === '') {
          yield { path, message: `\`${short(lineOf(words))}\` is allowed without a reason` }
        }
      }
    },
  }
}
