import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'

export const obsoleteVersion: Rule<ComposeFile> = {
  id: 'compose/obsolete-version',
  kind: 'deprecated',
  summary: 'Obsolete version of the file format',
  why: 'Compose ignores it, with a warning on every call.',
  hint: 'Remove `version`.',
  references: ['Compose spec, version', 'dclint no-version-field'],
  appliesTo: ['version'],
  bad: { version: '3.9', services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1' } } },
  *check(document) {
    if (isSwarm(document) || document.data.version === undefined) return
    yield { path: ['version'], message: `version ${document.data.version} is ignored by Compose` }
  },
}
