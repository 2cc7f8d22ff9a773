import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'
import { service as serviceSchema } from '../../schema/service.ts'

/** Whether the schema of the docker CLI does not have a key, or forbids it. */
function isRefused(key: string): boolean {
  const entry = serviceSchema.keys[key]
  if (entry === undefined) return false
  return typeof entry.swarm === 'object'
    ? entry.swarm.action === 'refuse'
    : entry.swarm === undefined
}

export const stackRefusesKey: Rule<ComposeFile> = {
  id: 'compose/stack-refuses-key',
  kind: 'invalid',
  summary: 'Key that a swarm rejects',
  why: '`docker stack deploy` uses an older schema and rejects the whole file.',
  hint: 'Remove it, or use the keys of `deploy`.',
  references: ['docker stack config, schema 3.13'],
  bad: swarm({ services: { app: { image: 'app:1', profiles: ['dev'] } } }),
  good: swarm({ services: { app: { image: 'app:1' } } }),
  ...onSwarm(function* (document) {
    for (const key of ['name', 'include', 'models'] as const) {
      if (document.data[key] === undefined) continue
      yield { path: [key], message: `a stack does not support ${key} at its top level` }
    }
    for (const { name, service, path } of eachService(document.data)) {
      for (const key of Object.keys(service)) {
        if (!isRefused(key)) continue
        yield { path: [...path, key], message: `a stack rejects ${key} of ${name}` }
      }
    }
  }),
}
