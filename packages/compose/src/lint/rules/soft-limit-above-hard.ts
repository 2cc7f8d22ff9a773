import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { resolveNumber } from '../model/resolve.ts'

export const softLimitAboveHard: Rule<ComposeFile> = {
  id: 'compose/soft-limit-above-hard',
  kind: 'invalid',
  summary: 'A soft limit above the hard one',
  why: 'The engine refuses the container: a process may raise its limit up to the hard one.',
  hint: 'Lower `soft`, or raise `hard`.',
  references: ['setrlimit(2)'],
  appliesTo: ['ulimits'],
  bad: { services: { app: { image: 'app:1', ulimits: { nofile: { soft: 4096, hard: 1024 } } } } },
  good: { services: { app: { image: 'app:1', ulimits: { nofile: { soft: 1024, hard: 4096 } } } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'ulimits')) {
      for (const [key, limit] of Object.entries(service.ulimits ?? {})) {
        if (typeof limit !== 'object' || limit === null) continue
        const soft = resolveNumber(limit.soft)
        const hard = resolveNumber(limit.hard)
        if (soft === undefined || hard === undefined || hard === -1) continue
        if (soft !== -1 && soft <= hard) continue
        yield {
          path: [...path, 'ulimits', key, 'soft'],
          message: `${key} of ${name} is ${soft}, and may be ${hard} at most`,
        }
      }
    }
  },
}
