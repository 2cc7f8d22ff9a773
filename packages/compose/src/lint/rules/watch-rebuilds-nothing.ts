import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const watchRebuildsNothing: Rule<ComposeFile> = {
  id: 'compose/watch-rebuilds-nothing',
  kind: 'breaks',
  summary: 'Watch action without its build or command',
  why: '`docker compose watch` refuses to rebuild an image without a build, or to run a missing command.',
  hint: 'Set `build`, or use another action.',
  references: ['Compose Develop spec, action'],
  bad: {
    services: { app: { image: 'app:1', develop: { watch: [{ path: '.', action: 'rebuild' }] } } },
  },
  good: {
    services: { app: { build: '.', develop: { watch: [{ path: '.', action: 'rebuild' }] } } },
  },
  ...onServicesWith('develop', function* ({ name, service, path }) {
    for (const [index, { action, exec }] of (service.develop?.watch ?? []).entries()) {
      const at = [...path, 'develop', 'watch', index]
      if (action === 'rebuild' && service.build === undefined) {
        yield { path: at, message: `${name} is rebuilt on changes but has no build` }
      }
      if (action === 'sync+exec' && exec === undefined) {
        yield {
          path: at,
          message: `${name} runs a command on changes but has no exec`,
          hint: "Add it: exec: { command: ['reload'] }.",
        }
      }
    }
  }),
}
