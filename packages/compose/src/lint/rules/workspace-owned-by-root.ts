import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const workspaceOwnedByRoot: Rule<ComposeFile> = {
  id: 'compose/workspace-owned-by-root',
  kind: 'breaks',
  severity: 'note',
  summary: 'Project folder written by the user of the image',
  why: 'Files that the container creates belong to that user, usually root, on the host too.',
  hint: "Write `` user: interpolate`${env('UID', 1000)}:${env('GID', 1000)}` ``, or mount it read-only.",
  fileHint: 'Write `user: "${UID:-1000}:${GID:-1000}"`, or mount it read-only.',
  references: ['Compose spec, user'],
  bad: { services: { shell: { image: 'app:1', volumes: ['.:/workspace'] } } },
  good: { services: { shell: { image: 'app:1', user: '1000:1000', volumes: ['.:/workspace'] } } },
  ...onServicesWith('volumes', function* ({ name, service, path, mounts }) {
    if (service.user !== undefined) return
    for (const { index, type, source, readOnly } of mounts) {
      if (type !== 'bind' || readOnly || !/^\.{1,2}\/?$/.test(source)) continue
      yield {
        path: [...path, 'volumes', index],
        message: `${name} writes into the project as the user of its image`,
      }
    }
  }),
}
