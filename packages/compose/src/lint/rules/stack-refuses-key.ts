import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { service as serviceSchema } from '../../schema/service.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'

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
  summary: 'Something that a swarm refuses',
  why: '`docker stack deploy` reads an older schema and takes nothing of the file.',
  hint: 'Remove it, or say it in the words of `deploy`.',
  references: ['docker stack config, schema 3.13'],
  appliesTo: ['swarm'],
  bad: swarm({ services: { app: { image: 'app:1', profiles: ['dev'] } } }),
  good: swarm({ services: { app: { image: 'app:1' } } }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const key of ['name', 'include', 'models'] as const) {
      if (document.data[key] === undefined) continue
      yield { path: [key], message: `a stack has no ${key} at its top level` }
    }
    for (const { name, service, path } of eachService(document.data)) {
      for (const key of Object.keys(service)) {
        if (!isRefused(key)) continue
        yield { path: [...path, key], message: `a stack refuses ${key} of ${name}` }
      }
    }
  },
}
