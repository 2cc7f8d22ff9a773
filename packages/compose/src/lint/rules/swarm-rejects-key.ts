import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { unsupportedKeys } from '../../model/unsupported-keys.ts'

export const swarmRejectsKey: Rule<ComposeFile> = {
  id: 'compose/swarm-rejects-key',
  kind: 'invalid',
  summary: 'Key that a swarm rejects',
  why: '`docker stack deploy` uses an older schema and rejects the whole file.',
  hint: 'Remove it, or use the keys of `deploy`.',
  references: ['docker stack config, schema 3.13'],
  bad: swarm({ services: { app: { image: 'app:1', profiles: ['dev'] } } }),
  good: swarm({ services: { app: { image: 'app:1' } } }),
  ...onSwarm(function* ({ data }) {
    for (const { path, key, advice } of unsupportedKeys(data, 'rejected')) {
      yield { path, message: `a stack rejects ${key}`, ...(advice && { hint: advice }) }
    }
  }),
}
