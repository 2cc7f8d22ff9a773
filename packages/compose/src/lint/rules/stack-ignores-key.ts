import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { service as serviceSchema } from '../../schema/service.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'

export const stackIgnoresKey: Rule<ComposeFile> = {
  id: 'compose/stack-ignores-key',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Something that a swarm ignores',
  why: '`docker stack deploy` goes on without it, with no more than a line on the terminal.',
  hint: 'Remove it from the stack, and find another way to what it is for.',
  references: ['docker stack deploy, unsupported and deprecated options'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: {
      app: { image: 'app:1', restart: 'always', security_opt: ['no-new-privileges=true'] },
    },
  }),
  good: swarm({
    services: { app: { image: 'app:1', deploy: { restart_policy: { condition: 'any' } } } },
  }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const { name, service, path } of eachService(document.data)) {
      for (const key of Object.keys(service)) {
        const rejection = serviceSchema.keys[key]?.swarm
        if (typeof rejection !== 'object' || rejection.action !== 'ignore') continue
        const message = `a swarm ignores ${key} of ${name}`
        yield { path: [...path, key], message, ...(rejection.advice && { hint: rejection.advice }) }
      }
    }
  },
}
