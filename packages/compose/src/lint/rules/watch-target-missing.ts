import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onEveryServiceWith } from '../../model/each-service.ts'

const withoutTarget = new Set(['rebuild', 'restart'])

export const watchTargetMissing: Rule<ComposeFile> = {
  id: 'compose/watch-target-missing',
  kind: 'invalid',
  summary: 'Watch sync without a target',
  why: 'Compose rejects the file: only `rebuild` and `restart` need no target.',
  hint: "Add the target in the container: target: '/opt/app/src'.",
  references: ['Compose Develop spec, target'],
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
  ...onEveryServiceWith('develop', function* ({ name, service, path }) {
    for (const [index, rule] of (service.develop?.watch ?? []).entries()) {
      if (rule.target || withoutTarget.has(rule.action)) continue
      yield {
        path: [...path, 'develop', 'watch', index],
        message: `${name} watches ${rule.path} with ${rule.action} but without a target`,
      }
    }
  }),
}
