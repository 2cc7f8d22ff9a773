import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

export const containerNameClash: Rule<ComposeFile> = {
  id: 'compose/container-name-clash',
  kind: 'breaks',
  summary: 'Two services with one container name',
  why: 'The second container does not start: the name is in use.',
  hint: 'Remove `container_name`: Compose derives the name from project and service.',
  references: ['dclint no-duplicate-container-names'],
  appliesTo: ['container_name'],
  bad: {
    services: {
      app: { image: 'app:1', container_name: 'app' },
      web: { image: 'web:1', container_name: '${NAME:-app}' },
    },
  },
  good: { services: { app: { image: 'app:1' }, web: { image: 'web:1', container_name: 'web' } } },
  *check({ data }) {
    const owners = new Map<string, string>()
    for (const { name, service, path } of servicesWith(data, 'container_name')) {
      if (service.container_name === undefined) continue
      const container = resolve(service.container_name)
      const owner = owners.get(container)
      if (owner === undefined) owners.set(container, name)
      else if (isKnown(container)) {
        yield {
          path: [...path, 'container_name'],
          message: `${name} and ${owner} have the same container name ${container}`,
        }
      }
    }
  },
}
