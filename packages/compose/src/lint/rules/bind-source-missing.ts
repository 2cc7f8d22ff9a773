import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { fileAt } from '../model/files.ts'

export const bindSourceMissing: Rule<ComposeFile> = {
  id: 'compose/bind-source-missing',
  kind: 'breaks',
  summary: 'A mounted file that nobody makes',
  why: 'Compose makes a directory in its place, owned by root; a swarm refuses the task.',
  hint: 'Let the stack make the file, add it to the project, or mount what is there.',
  references: ['Docker "Bind mounts"'],
  appliesTo: ['volumes'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['./config/missing.conf:/etc/app.conf:ro'] } },
  },
  good: { services: { app: { image: 'app:1', volumes: ['./config/app.conf:/etc/app.conf:ro'] } } },
  *check(document, around) {
    for (const { name, path, mounts } of servicesWith(document.data, 'volumes')) {
      for (const { index, type, source, isVariable, createHostPath } of mounts) {
        // Whoever writes create_host_path wants the folder to be made.
        if (type !== 'bind' || createHostPath === true || isVariable) continue
        if (fileAt(document.path, source, around) !== 'none') continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} mounts ${source}, which is neither in the project nor made by the stack`,
        }
      }
    }
  },
}
