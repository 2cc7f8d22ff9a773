import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { servicesWith } from '../../model/each-service.ts'
import { fileAt, isGenerated } from '../../model/files.ts'
import { isNonRoot } from '../../model/security.ts'

export const secretFileUnreadable: Rule<ComposeFile> = {
  id: 'compose/secret-file-unreadable',
  kind: 'breaks',
  severity: 'warning',
  summary: 'File secret that the user of the container may not read',
  why: 'A file of root with mode 0600 is "Permission denied" for another user.',
  hint: 'Let `erlmcp secrets init` create it with the right owner, or give the user read access on the host.',
  references: ['Compose spec, secrets, long syntax'],
  appliesTo: ['secrets'],
  bad: {
    services: { app: { image: 'app:1', user: '1000:1000', secrets: ['key'] } },
    secrets: { key: { file: './config/app.conf' } },
  },
  good: {
    services: { app: { image: 'app:1', user: '1000:1000', secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  *check(document, context) {
    if (isSwarm(document)) return
    const files = new Map<string, string>()
    for (const [key, { file }] of Object.entries(document.data.secrets ?? {})) {
      if (file === undefined || fileAt(document.path, file, context) === undefined) continue
      if (!isGenerated(document.path, file, context)) files.set(key, file)
    }
    if (files.size === 0) return
    for (const { name, service, references, path } of servicesWith(document.data, 'secrets')) {
      if (!isNonRoot(service)) continue
      for (const { section, key, at } of references) {
        const file = section === 'secrets' ? files.get(key) : undefined
        if (file === undefined) continue
        yield {
          path: [...path, section, at],
          message: `${name} runs as ${service.user}, which may not be able to read ${file}`,
        }
      }
    }
  },
}
