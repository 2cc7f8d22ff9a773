import type { Rule } from '@erlmcp/core'
import { hasSync } from '../../defaults/read-only.ts'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const watchSyncOnReadOnlyRoot: Rule<ComposeFile> = {
  id: 'compose/watch-sync-on-read-only-root',
  kind: 'breaks',
  summary: 'develop.watch sync into a read-only root',
  why: 'The engine refuses to copy files into the container, also below a volume: no file is synchronized.',
  hint: 'Write `read_only: false` for the service in development, or mount the folder and use `action: "restart"`.',
  references: ['Compose Develop spec, watch'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        read_only: true,
        develop: { watch: [{ action: 'sync', path: './src', target: '/app/src' }] },
      },
    },
  },
  good: {
    services: {
      app: {
        image: 'app:1',
        read_only: false,
        develop: { watch: [{ action: 'sync', path: './src', target: '/app/src' }] },
      },
    },
  },
  ...onServicesWith('develop', function* ({ name, service, path }) {
    if (resolve(service.read_only) !== 'true' || !hasSync(service)) return
    yield {
      path: [...path, 'read_only'],
      message: `${name} has a read-only root, into which develop.watch cannot copy`,
    }
  }),
}
