import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { isKnown, resolve } from '../../model/resolve.ts'
import { valuesWith } from '../../schema/sections.ts'

export const duplicateItem: Rule<ComposeFile> = {
  id: 'compose/duplicate-item',
  kind: 'invalid',
  summary: 'Duplicate list item',
  why: 'The schema requires unique items: Compose or `docker stack deploy` rejects the file.',
  hint: 'Remove one of them.',
  references: ['Compose spec, JSON schema, uniqueItems'],
  bad: {
    services: { app: { image: 'app:1', security_opt: ['label=disable', 'label=disable'] } },
  },
  good: { services: { app: { image: 'app:1', security_opt: ['label=disable'] } } },
  *check(document) {
    const inSwarm = isSwarm(document)
    for (const { path, value, schema } of valuesWith(document.data, 'unique')) {
      if (!Array.isArray(value) || value.length < 2) continue
      if (schema.unique !== 'always' && !inSwarm) continue
      const seen = new Set<string>()
      for (const [index, item] of value.entries()) {
        // 80 and "80" are two to the schema.
        const text = typeof item === 'string' ? resolve(item) : JSON.stringify(item)
        const key = `${typeof item} ${text}`
        if (isKnown(text) && seen.has(key)) {
          const [, name, ...keys] = path
          const message = `${keys.join('.')} of ${name} has ${JSON.stringify(text)} twice`
          yield { path: [...path, index], message }
        }
        seen.add(key)
      }
    }
  },
}
