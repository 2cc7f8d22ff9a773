import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'
import { resolve } from './reading/resolve.ts'

export const environmentSecretOnReadOnlyRoot: Rule<ComposeFile> = {
  id: 'compose/environment-secret-on-read-only-root',
  kind: 'breaks',
  summary: 'A secret from a variable for a container with a read-only root',
  why: 'Compose copies the secret into the container, which it cannot: "up" is refused.',
  help: 'Take the secret from a file.',
  references: ['Compose spec, secrets'],
  bad: {
    services: { app: { image: 'app:1', read_only: true, secrets: ['key'] } },
    secrets: { key: { environment: 'KEY' } },
  },
  good: {
    services: { app: { image: 'app:1', read_only: true, secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  *check({ data }) {
    if (!data.secrets && !data.configs) return
    for (const place of eachService(data)) {
      if (resolve(place.service.read_only) !== 'true') continue
      for (const { section, key, path } of place.references) {
        if (section !== 'secrets' && section !== 'configs') continue
        const definition = data[section]?.[key]
        const from =
          definition?.environment ?? (section === 'configs' && data.configs?.[key]?.content)
        if (from === undefined || from === false) continue
        yield {
          path,
          message: `${place.name} has a read-only root, and ${key} is to be copied into it`,
        }
      }
    }
  },
}
