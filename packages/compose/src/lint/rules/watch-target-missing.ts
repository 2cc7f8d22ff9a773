import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { everyServiceWith } from '../model/each-service.ts'

const withoutTarget = new Set(['rebuild', 'restart'])

export const watchTargetMissing: Rule<ComposeFile> = {
  id: 'compose/watch-target-missing',
  kind: 'invalid',
  summary: 'Files that are synced to no place',
  why: 'Compose refuses the file: only `rebuild` and `restart` need no target.',
  hint: "Add where they go in the container: target: '/opt/app/src'.",
  references: ['Compose Develop spec, target'],
  appliesTo: ['develop'],
  bad: {
    services: { app: { image: 'app:1', develop: { watch: [{ path: './src', action: 'sync' }] } } },
  },
  good: {
    services: {
      app: {
        image: 'app:1',
        develop: { watch: [{ path: './src', action: 'sync', target: '/opt/app/src' }] },
      },
    },
  },
  *check({ data }) {
    for (const { name, service, path } of everyServiceWith(data, 'develop')) {
      for (const [index, rule] of (service.develop?.watch ?? []).entries()) {
        if (rule.target || withoutTarget.has(rule.action)) continue
        yield {
          path: [...path, 'develop', 'watch', index],
          message: `${name} watches ${rule.path} with ${rule.action} and without a target`,
        }
      }
    }
  },
}
