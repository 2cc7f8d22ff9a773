import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { earlierFiles } from '../model/other-files.ts'

export const projectNameShared: Rule<ComposeFile> = {
  id: 'compose/project-name-shared',
  kind: 'breaks',
  severity: 'note',
  summary: 'Two files of the stack with one project name',
  why: 'Each takes the containers of the other for its own: "orphans", which `--remove-orphans` removes.',
  hint: 'Give each file a name of its own, unless both are always used together.',
  references: ['Compose spec, name'],
  bad: { name: 'other', services: { app: { image: 'app:1' } } },
  good: { name: 'app', services: { app: { image: 'app:1' } } },
  *check(document, around) {
    const { name } = document.data
    if (name === undefined) return
    for (const other of earlierFiles(document, around)) {
      if (other.data.name !== name) continue
      yield { path: ['name'], message: `${other.path} is called ${name}, too` }
    }
  },
}
