import type { Rule } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { forbidden, type HostFile, lineOf, short } from '../scan/host-file.ts'
import { example, good } from './example.ts'

export function allowed(map: Constitution): Rule<HostFile> {
  return {
    id: 'constitution/allowed',
    kind: 'breaks',
    severity: 'note',
    summary: 'Erlang that runs on the host, and a person allowed it',
    why: 'An exception is worth looking at now and then.',
    hint: 'Nothing has to be done. Take the comment away when its reason has gone.',
    references: ['Docker-Only Constitution'],
    bad: example('rebar3 ct', 'the runner is a container'),
    good,
    *check({ data }) {
      for (const [path, { words, allowed: reason }] of forbidden(map, data)) {
        if (reason) {
          yield { path, message: `\`${short(lineOf(words))}\` is allowed: ${reason}` }
        }
      }
    },
  }
}
