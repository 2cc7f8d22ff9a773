import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { resolveNumber } from '../../model/resolve.ts'

export const softLimitAboveHard: Rule<ComposeFile> = {
  id: 'compose/soft-limit-above-hard',
  kind: 'invalid',
  summary: 'Soft limit above the hard limit',
  why: 'The engine rejects the container: a process may raise its limit up to the hard one.',
  hint: 'Reduce `soft`, or raise `hard`.',
  references: ['setrlimit(2)'],
  bad: { services: { app: { image: 'app:1', ulimits: { nofile: { soft: 4096, hard: 1024 } } } } },
  good: { services: { app: { image: 'app:1', ulimits: { nofile: { soft: 1024, hard: 4096 } } } } },
  ...onServicesWith('ulimits', function* ({ name, service, path }) {
    for (const [key, limit] of Object.entries(service.ulimits ?? {})) {
      if (typeof limit !== 'object' || limit === null) continue
      const soft = resolveNumber(limit.soft)
      const hard = resolveNumber(limit.hard)
      if (soft === undefined || hard === undefined || hard === -1) continue
      if (soft !== -1 && soft <= hard) continue
      yield {
        path: [...path, 'ulimits', key, 'soft'],
        message: `the soft limit ${soft} for ${key} of ${name} is above the hard limit ${hard}`,
      }
    }
  }),
}
