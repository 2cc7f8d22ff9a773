import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'

export const projectNameMissing: Rule<ComposeFile> = {
  id: 'compose/project-name-missing',
  kind: 'breaks',
  severity: 'note',
  summary: 'Missing project name',
  why: 'Containers, networks and volumes are named after the folder: in another folder the project starts with empty volumes.',
  hint: "Set a name: `compose('compose.yaml', [], { name: 'shop' })`.",
  fileHint: 'Add `name:` at the top level.',
  references: ['dclint require-project-name-field'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { name: 'shop', services: { app: { image: 'app:1' } } },
  *check(document) {
    if (isSwarm(document) || document.data.name !== undefined) return
    yield { path: [], message: 'the project is named after its folder' }
  },
}
