import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { earlierFiles } from '../../model/other-files.ts'

export const projectNameShared: Rule<ComposeFile> = {
  id: 'compose/project-name-shared',
  kind: 'breaks',
  severity: 'note',
  summary: 'Two files of the stack with one project name',
  why: 'Each file treats the containers of the other as "orphans", which `--remove-orphans` removes.',
  hint: 'Give each file its own name, unless both always run together.',
  references: ['Compose spec, name'],
  bad: { name: 'other', services: { app: { image: 'app:1' } } },
  good: { name: 'app', services: { app: { image: 'app:1' } } },
  *check(document, context) {
    const { name } = document.data
    if (name === undefined) return
    for (const other of earlierFiles(document, context)) {
      if (other.data.name !== name) continue
      yield { path: ['name'], message: `${other.path} has the same project name ${name}` }
    }
  },
}
