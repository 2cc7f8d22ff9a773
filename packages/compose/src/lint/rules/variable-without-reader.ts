import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onVariables } from '../../model/occurrences.ts'

const unread = new Set([
  'ERLANG_COOKIE',
  'ERLANG_COOKIE_FILE',
  'ERLANG_DISTRIBUTION_PORT_RANGE',
  'ERLANG_NODE_NAME',
  'REBAR_NO_USER_CONFIG',
])

export const variableWithoutReader: Rule<ComposeFile> = {
  id: 'compose/variable-without-reader',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Unused variable',
  why: 'The setting that it is meant for has no effect.',
  hint: 'Remove it: the cookie comes from a file or `-setcookie`, the ports from `inet_dist_listen_min` and `inet_dist_listen_max` of kernel.',
  references: ['OTP erl(1)', 'kernel(6)'],
  bad: {
    services: {
      app: { image: 'app:1', environment: ['ERLANG_DISTRIBUTION_PORT_RANGE=9100-9105'] },
    },
  },
  good: { services: { app: { image: 'app:1', environment: ['ERL_DIST_PORT=9100'] } } },
  ...onVariables(
    (variable) => unread.has(variable),
    ({ name }, { name: variable }) =>
      `${name} sets ${variable}, which neither OTP nor a release reads`,
  ),
}
