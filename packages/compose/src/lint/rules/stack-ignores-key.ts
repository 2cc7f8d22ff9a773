import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'
import { service as serviceSchema } from '../../schema/service.ts'

export const stackIgnoresKey: Rule<ComposeFile> = {
  id: 'compose/stack-ignores-key',
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
  ...onSwarm(function* (document) {
    for (const { name, service, path } of eachService(document.data)) {
      for (const key of Object.keys(service)) {
        const rejection = serviceSchema.keys[key]?.swarm
        if (typeof rejection !== 'object' || rejection.action !== 'ignore') continue
        const message = `a swarm ignores ${key} of ${name}`
        yield { path: [...path, key], message, ...(rejection.advice && { hint: rejection.advice }) }
      }
    }
  }),
}
