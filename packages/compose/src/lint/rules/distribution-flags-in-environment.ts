import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { variables } from '../model/occurrences.ts'

const flagVariables = new Set(['ERL_AFLAGS', 'ERL_FLAGS', 'ERL_ZFLAGS'])
const distributionFlag = /(?:^|\s)-(?:proto_dist|s?name|ssl_dist_\w+)\s|inet_dist_listen/

export const distributionFlagsInEnvironment: Rule<ComposeFile> = {
  id: 'compose/distribution-flags-in-environment',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Flags of the distribution in an environment variable',
  why: "Every emulator of the container takes them: `eval`, `rpc` and the health command want the node's own port and name, and fail.",
  hint: "Put them into the release's vm.args.",
  references: ['OTP erl(1), ERL_AFLAGS'],
  appliesTo: ['environment'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        environment: { ERL_AFLAGS: '-proto_dist inet_tls -ssl_dist_optfile /etc/app/tls.conf' },
      },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', environment: { ERL_AFLAGS: '-kernel shell_history enabled' } },
    },
  },
  *check({ data }) {
    for (const [variable, uses] of variables(data)) {
      if (!flagVariables.has(variable)) continue
      for (const { place, entry } of uses) {
        if (!distributionFlag.test(entry.value ?? '')) continue
        yield {
          path: [...place.path, 'environment', entry.key],
          message: `${variable} of ${place.name} sets up the distribution for every emulator`,
        }
      }
    }
  },
}
