import { posix } from 'node:path'
import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { isSwarm } from './reading/dialect.ts'
import { eachService } from './reading/each-service.ts'
import { fileAt } from './reading/files.ts'
import { isNonRoot } from './reading/security.ts'

export const secretFileUnreadable: Rule<ComposeFile> = {
  id: 'compose/secret-file-unreadable',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A file secret for a user that may not be able to read it',
  why: 'A file of root with mode 0600 is "Permission denied" for the user of the container.',
  help: 'Let `erlmcp secrets init` make it with the right owner, or give the user read access on the host.',
  references: ['Compose spec, secrets, long syntax'],
  bad: {
    services: { app: { image: 'app:1', user: '1000:1000', secrets: ['key'] } },
    secrets: { key: { file: './config/app.conf' } },
  },
  good: {
    services: { app: { image: 'app:1', user: '1000:1000', secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  *check(document, around) {
    if (isSwarm(document)) return
    for (const place of eachService(document.data)) {
      const { name, service } = place
      if (!service.secrets || !isNonRoot(service)) continue
      for (const { section, key, path } of place.references) {
        const file = section === 'secrets' ? document.data.secrets?.[key]?.file : undefined
        if (file === undefined || fileAt(document.path, file, around) === undefined) continue
        if (around.isSecret(posix.join(posix.dirname(document.path), file))) continue
        yield { path, message: `${name} runs as ${service.user} and needs to read ${file}` }
      }
    }
  },
}
