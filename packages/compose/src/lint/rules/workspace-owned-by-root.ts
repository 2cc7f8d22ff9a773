import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const workspaceOwnedByRoot: Rule<ComposeFile> = {
  id: 'compose/workspace-owned-by-root',
  kind: 'breaks',
  severity: 'note',
  summary: 'A folder of the project that a container writes as its own user',
  why: 'What it writes belongs to that user, root as a rule, on the host too.',
  hint: "Write `` user: interpolate`${env('UID', 1000)}:${env('GID', 1000)}` ``, or mount it read-only.",
  fileHint: 'Say `user: "${UID:-1000}:${GID:-1000}"`, or mount it read-only.',
  references: ['Compose spec, user'],
  appliesTo: ['volumes'],
  bad: { services: { shell: { image: 'app:1', volumes: ['.:/workspace'] } } },
  good: { services: { shell: { image: 'app:1', user: '1000:1000', volumes: ['.:/workspace'] } } },
  *check({ data }) {
    for (const { name, service, path, mounts } of servicesWith(data, 'volumes')) {
      if (service.user !== undefined) continue
      for (const { index, type, source, readOnly } of mounts) {
        if (type !== 'bind' || readOnly || !/^\.{1,2}\/?$/.test(source)) continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} writes into the project as the image's user`,
        }
      }
    }
  },
}
