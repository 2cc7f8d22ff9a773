import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const environmentSecretOnReadOnlyRoot: Rule<ComposeFile> = {
  id: 'compose/environment-secret-on-read-only-root',
  kind: 'breaks',
  summary: 'Secret from a variable on a read-only root',
  why: 'Compose cannot copy the secret into the container: `docker compose up` fails.',
  hint: 'Read the secret from a file.',
  references: ['Compose spec, secrets'],
  appliesTo: ['secrets', 'configs'],
  bad: {
    services: { app: { image: 'app:1', read_only: true, secrets: ['key'] } },
    secrets: { key: { environment: 'KEY' } },
  },
  good: {
    services: { app: { image: 'app:1', read_only: true, secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  *check({ data }) {
    const copied = new Set<string>()
    for (const section of ['secrets', 'configs'] as const) {
      for (const [key, definition] of Object.entries(data[section] ?? {})) {
        if (definition.environment !== undefined || 'content' in definition) {
          copied.add(`${section} ${key}`)
        }
      }
    }
    if (copied.size === 0) return
    for (const { name, service, references, path } of servicesWith(data, 'read_only')) {
      if (resolve(service.read_only) !== 'true') continue
      for (const { section, key, at, within } of references) {
        // A build secret is not mounted in the container.
        if (within || !copied.has(`${section} ${key}`)) continue
        yield {
          path: [...path, section, at],
          message: `${name} has a read-only root, so that Compose cannot copy ${key} into it`,
        }
      }
    }
  },
}
