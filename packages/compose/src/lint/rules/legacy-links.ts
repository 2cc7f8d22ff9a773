import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'

export const legacyLinks: Rule<ComposeFile> = {
  id: 'compose/legacy-links',
  kind: 'deprecated',
  summary: 'Legacy container links',
  why: 'Networks replace links, and each link adds a start dependency.',
  hint: 'Remove them: services on one network reach each other by name.',
  references: ['Compose spec, links'],
  appliesTo: ['links', 'external_links'],
  bad: { services: { app: { image: 'app:1', links: ['db'] }, db: { image: 'postgres:17' } } },
  good: { services: { app: { image: 'app:1' }, db: { image: 'postgres:17' } } },
  *check({ data }) {
    for (const key of ['links', 'external_links'] as const) {
      for (const { name, service, path } of servicesWith(data, key)) {
        if (!service[key]?.length) continue
        yield { path: [...path, key], message: `${name} links ${service[key].join(', ')}` }
      }
    }
  },
}
