import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'
import { knownImage } from './reading/image.ts'
import { isBelow, writablePaths } from './reading/mounts.ts'
import { resolve } from './reading/resolve.ts'

const writtenVariable =
  /(?:^|_)(?:LOG_(?:DIR|PATH|FILE)|DATA_DIR|CACHE_DIR|MNESIA_DIR|RUN_DIR|TMP_?DIR)$|^(?:PGDATA|ERL_CRASH_DUMP|RELX_OUT_FILE_PATH)$/

// /var/run is a link to /run in every Debian and Alpine image.
function canonical(path: string): string {
  return isBelow(path, '/var/run') ? path.slice('/var'.length) : path
}

export const readOnlyPathWritten: Rule<ComposeFile> = {
  id: 'compose/read-only-path-written',
  kind: 'breaks',
  summary: 'A path that is written on a read-only root',
  why: 'The program fails at its first write, often long after the start.',
  help: 'Mount a volume or a tmpfs there.',
  references: ['CIS Docker 5.13'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        read_only: true,
        tmpfs: '/tmp',
        environment: { LOG_DIR: '/var/log/app' },
      },
    },
  },
  good: {
    services: {
      app: {
        image: 'app:1',
        read_only: true,
        tmpfs: ['/tmp', '/var/log/app:size=16m'],
        environment: { LOG_DIR: '/var/log/app' },
      },
    },
  },
  *check({ data }) {
    for (const { name, service, path, environment, image, mounts } of servicesWith(
      data,
      'read_only',
    )) {
      if (!service.read_only || resolve(service.read_only) !== 'true') continue
      const named = environment.filter((entry) => writtenVariable.test(entry.name))
      const inherent = knownImage(image)?.writes ?? []
      if (named.length === 0 && inherent.length === 0) continue
      const writable = writablePaths(service.tmpfs, mounts).map(canonical)
      const isWritable = (target: string) =>
        writable.some((folder) => isBelow(canonical(target), folder))
      for (const { key, name: variable, value } of named) {
        const target = resolve(value)
        if (!target.startsWith('/') || isBelow(target, '/dev') || isWritable(target)) continue
        yield {
          path: [...path, 'environment', key],
          message: `${name} writes ${target} (${variable}), which is on its read-only root`,
        }
      }
      for (const target of inherent) {
        if (isWritable(target)) continue
        yield {
          path: [...path, 'read_only'],
          message: `${name} writes ${target}, which is on its read-only root`,
        }
      }
    }
  },
}
