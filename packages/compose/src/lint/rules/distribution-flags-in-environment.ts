import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onVariables } from '../../model/occurrences.ts'

const flagVariables = new Set(['ERL_AFLAGS', 'ERL_FLAGS', 'ERL_ZFLAGS'])
const distributionFlag = /(?:^|\s)-(?:proto_dist|s?name|ssl_dist_\w+)\s|inet_dist_listen/

export const distributionFlagsInEnvironment: Rule<ComposeFile> = {
  id: 'compose/distribution-flags-in-environment',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Distribution flags in an environment variable',
  why: 'Every emulator in the container reads them: `eval`, `rpc` and the health command then claim the port and name of the node, and fail.',
  hint: 'Move them into the vm.args of the release.',
  references: ['OTP erl(1), ERL_AFLAGS'],
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
  ...onVariables(
    (variable) => flagVariables.has(variable),
    ({ name }, { name: variable, value }) =>
      distributionFlag.test(value ?? '')
        ? `${variable} of ${name} configures distribution for every emulator`
        : undefined,
  ),
}
