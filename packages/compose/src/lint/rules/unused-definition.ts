import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../../model/each-service.ts'
import { sections } from '../../model/references.ts'

export const unusedDefinition: Rule<ComposeFile> = {
  id: 'compose/unused-definition',
  kind: 'wasteful',
  summary: 'Unused network, volume, secret or config',
  why: 'It is never created.',
  hint: 'Use it, or remove it.',
  references: ['Compose spec'],
  appliesTo: ['networks', 'volumes', 'secrets', 'configs'],
  bad: { services: { app: { image: 'app:1' } }, volumes: { data: {} } },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    const used = new Set<string>()
    for (const place of eachService(data)) {
      for (const { section, key } of place.references) used.add(`${section} ${key}`)
      const build = place.service.build
      if (typeof build !== 'object') continue
      for (const grant of build.secrets ?? []) {
        used.add(`secrets ${typeof grant === 'string' ? grant : grant.source}`)
      }
    }
    for (const section of sections) {
      for (const name of Object.keys(data[section] ?? {})) {
        if (name === 'default' || used.has(`${section} ${name}`)) continue
        yield { path: [section, name], message: `${section}.${name} is not used by any service` }
      }
    }
  },
}
