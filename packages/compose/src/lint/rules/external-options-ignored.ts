import { isObject, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isExternal, optionsOf } from './external-with-options.ts'

export const externalOptionsIgnored: Rule<ComposeFile> = {
  id: 'compose/external-options-ignored',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Ignored options of an external network, secret or config',
  why: 'Compose uses the existing object as it is: the options have no effect.',
  hint: 'Keep `external: true` and `name`; set the other options where the object is created.',
  references: ['Compose spec, external'],
  appliesTo: ['external'],
  bad: {
    services: { app: { image: 'app:1', networks: ['edge'] } },
    networks: { edge: { external: true, internal: true } },
  },
  good: {
    services: { app: { image: 'app:1', networks: ['edge'] } },
    networks: { edge: { external: true, name: 'shop-edge' } },
  },
  *check({ data }) {
    for (const section of ['networks', 'secrets', 'configs'] as const) {
      for (const [name, node] of Object.entries(data[section] ?? {})) {
        if (!isObject(node) || !isExternal(node.external)) continue
        const message = `the ${section.slice(0, -1)} ${name}`
        for (const key of optionsOf(node)) {
          yield {
            path: [section, name, key],
            message: `${message} is external: its ${key} is ignored`,
          }
        }
      }
    }
  },
}
