import type { Rule } from '@erlmcp/core'
import { canonicalPath } from '../../defaults/read-only.ts'
import type { ComposeFile } from '../../document.ts'
import { type Place, servicesWith } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { isBelow, writablePaths } from '../../model/mounts.ts'
import { variables } from '../../model/occurrences.ts'
import { resolve } from '../../model/resolve.ts'

const writtenVariable =
  /(?:^|_)(?:LOG_(?:DIR|PATH|FILE)|DATA_DIR|CACHE_DIR|MNESIA_DIR|RUN_DIR|TMP_?DIR)$|^(?:PGDATA|ERL_CRASH_DUMP|RELX_OUT_FILE_PATH)$/

export const readOnlyPathWritten: Rule<ComposeFile> = {
  id: 'compose/read-only-path-written',
  kind: 'breaks',
  summary: 'Written path on a read-only root',
  why: 'The program fails at its first write, often long after the start.',
  hint: 'Mount a volume or a tmpfs there.',
  references: ['CIS Docker 5.13'],
  appliesTo: ['read_only'],
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
    for (const [variable, uses] of variables(data)) {
      if (!writtenVariable.test(variable)) continue
      for (const { place, entry } of uses) {
        const target = resolve(entry.value)
        if (!target.startsWith('/') || isBelow(target, '/dev') || mayWrite(place, target)) continue
        yield {
          path: [...place.path, 'environment', entry.key],
          message: `${place.name} writes ${target} (${variable}), which is on its read-only root`,
        }
      }
    }
    for (const place of servicesWith(data, 'read_only')) {
      for (const written of knownImage(place.image)?.writes ?? []) {
        const target = written.split(':')[0]!
        if (mayWrite(place, target)) continue
        yield {
          path: [...place.path, 'read_only'],
          message: `${place.name} writes ${target}, which is on its read-only root`,
        }
      }
    }
  },
}

function mayWrite({ service, mounts }: Place, target: string): boolean {
  if (resolve(service.read_only) !== 'true') return true
  const path = canonicalPath(target)
  return writablePaths(service.tmpfs, mounts).some((folder) => isBelow(path, canonicalPath(folder)))
}
