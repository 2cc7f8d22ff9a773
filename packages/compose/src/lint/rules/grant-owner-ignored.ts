import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { servicesWith } from '../../model/each-service.ts'

export const grantOwnerIgnored: Rule<ComposeFile> = {
  id: 'compose/grant-owner-ignored',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Ignored owner or mode of a file secret',
  why: 'The file in the container has the owner and mode that it has on the host.',
  hint: 'Give the file on the host the right owner, as `erlmcp secrets init` does, and remove uid, gid and mode.',
  references: ['Compose spec, secrets, long syntax'],
  appliesTo: ['secrets', 'configs'],
  bad: {
    services: { app: { image: 'app:1', secrets: [{ source: 'key', uid: '1000', mode: 0o400 }] } },
    secrets: { key: { file: './secrets/key' } },
  },
  good: {
    services: { app: { image: 'app:1', secrets: [{ source: 'key' }] } },
    secrets: { key: { file: './secrets/key' } },
  },
  *check(document) {
    if (isSwarm(document)) return
    for (const section of ['secrets', 'configs'] as const) {
      for (const { name, service, path } of servicesWith(document.data, section)) {
        for (const [index, grant] of (service[section] ?? []).entries()) {
          if (typeof grant === 'string') continue
          const definition = document.data[section]?.[grant.source ?? '']
          if (definition?.file === undefined) continue
          const keys = (['uid', 'gid', 'mode'] as const).filter((key) => grant[key] !== undefined)
          if (keys.length === 0) continue
          yield {
            path: [...path, section, index],
            message: `${name} sets ${keys.join(', ')} of ${grant.source}, which Compose ignores on files`,
          }
        }
      }
    }
  },
}
