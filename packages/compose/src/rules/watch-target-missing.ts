import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'

export const watchTargetMissing: Rule<ComposeFile> = {
  id: 'compose/watch-target-missing',
  kind: 'invalid',
  summary: 'A `sync` of `develop.watch` without a target',
  why: 'Compose refuses the file: it does not know where in the container the files go.',
  help: 'Write `target` beside `path`: the absolute path in the container.',
  references: ['Compose Develop spec, watch'],
  about: ['develop'],
  bad: {
    services: { app: { image: 'app:1', develop: { watch: [{ action: 'sync', path: './src' }] } } },
  },
  good: {
    services: {
      app: {
        image: 'app:1',
        develop: { watch: [{ action: 'sync', path: './src', target: '/app/src' }] },
      },
    },
  },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'develop')) {
      for (const [index, { action, target }] of (service.develop?.watch ?? []).entries()) {
        if (!action.startsWith('sync') || target) continue
        yield {
          path: [...path, 'develop', 'watch', index],
          message: `${name} has the watch action ${action} without a target`,
        }
      }
    }
  },
}
