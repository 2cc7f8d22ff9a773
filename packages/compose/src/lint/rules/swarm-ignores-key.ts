import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { unsupportedKeys } from '../../model/unsupported-keys.ts'

export const swarmIgnoresKey: Rule<ComposeFile> = {
  id: 'compose/swarm-ignores-key',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Key that a swarm ignores',
  why: '`docker stack deploy` ignores it, with at most one line on the terminal.',
  hint: 'Remove it from the stack, and use a swarm feature for its purpose.',
  references: ['docker stack deploy, unsupported and deprecated options'],
  bad: swarm({
    services: {
      app: { image: 'app:1', restart: 'always', security_opt: ['no-new-privileges=true'] },
    },
  }),
  good: swarm({
    services: { app: { image: 'app:1', deploy: { restart_policy: { condition: 'any' } } } },
  }),
  ...onSwarm(function* ({ data }) {
    for (const { path, key, advice } of unsupportedKeys(data, 'ignored')) {
      yield { path, message: `a swarm ignores ${key}`, ...(advice && { hint: advice }) }
    }
  }),
}
