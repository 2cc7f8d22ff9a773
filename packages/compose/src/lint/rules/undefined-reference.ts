import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { everyService } from '../../model/each-service.ts'

export const undefinedReference: Rule<ComposeFile> = {
  id: 'compose/undefined-reference',
  kind: 'invalid',
  summary: 'Undefined network, volume, secret, config or model',
  why: 'Compose rejects the file.',
  hint: 'Define it at the top level, or fix the name.',
  references: ['Compose spec'],
  appliesTo: ['networks', 'volumes', 'secrets', 'configs', 'models', 'build'],
  bad: { services: { app: { image: 'app:1', networks: ['backend'] } } },
  good: { services: { app: { image: 'app:1', networks: ['backend'] } }, networks: { backend: {} } },
  *check({ data }) {
    // Included files may define it.
    if (data.include) return
    for (const place of everyService(data)) {
      for (const { section, key, at, within } of place.references) {
        if (data[section] && key in data[section]) continue
        yield {
          path: [
            ...place.path,
            ...(within ? [within] : []),
            ...(within === 'credential_spec' ? [] : [section]),
            at,
          ],
          message: `${place.name} uses ${key}, which is not defined in ${section}`,
        }
      }
    }
  },
}
