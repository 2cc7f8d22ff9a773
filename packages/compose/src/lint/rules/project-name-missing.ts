import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../model/dialect.ts'

export const projectNameMissing: Rule<ComposeFile> = {
  id: 'compose/project-name-missing',
  kind: 'breaks',
  severity: 'note',
  summary: 'A file that does not name its project',
  why: 'Containers, networks and volumes are called after the folder: in another folder the data is "gone".',
  hint: "Write a name: `compose('compose.yaml', [], { name: 'shop' })`.",
  fileHint: 'Say `name:` at the top.',
  references: ['dclint require-project-name-field'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { name: 'shop', services: { app: { image: 'app:1' } } },
  *check(document) {
    if (isSwarm(document) || document.data.name !== undefined) return
    yield { path: [], message: 'the project is called after the folder it stands in' }
  },
}
