import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { resolveNumber } from '../../model/resolve.ts'

export const openFilesAboveLimit: Rule<ComposeFile> = {
  id: 'compose/open-files-above-limit',
  kind: 'breaks',
  severity: 'warning',
  summary: 'More open files than common hosts allow',
  why: 'An engine that may not raise its own limit does not start the container.',
  hint: 'Request at most 1048576.',
  references: ['setrlimit(2), RLIMIT_NOFILE'],
  bad: {
    services: { app: { image: 'app:1', ulimits: { nofile: { soft: 65536, hard: 2000000 } } } },
  },
  good: {
    services: { app: { image: 'app:1', ulimits: { nofile: { soft: 65536, hard: 65536 } } } },
  },
  ...onServicesWith('ulimits', function* ({ name, service, path }) {
    const files = service.ulimits?.nofile
    const hard = resolveNumber(typeof files === 'object' ? files.hard : files)
    // 1048576 is fs.nr_open of Linux, the maximum of any process.
    if (hard === undefined || hard <= 1_048_576) return
    yield { path: [...path, 'ulimits', 'nofile'], message: `${name} requests ${hard} open files` }
  }),
}
