import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../model/dialect.ts'

export const obsoleteVersion: Rule<ComposeFile> = {
  id: 'compose/obsolete-version',
  kind: 'deprecated',
  summary: 'The version of the file format',
  why: 'Compose ignores it, with a warning at every call.',
  hint: 'Remove it.',
  references: ['Compose spec, version', 'dclint no-version-field'],
  appliesTo: ['version'],
  bad: { version: '3.9', services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1' } } },
  *check(document) {
    if (isSwarm(document) || document.data.version === undefined) return
    yield { path: ['version'], message: `version ${document.data.version} says nothing to Compose` }
  },
}
