import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const watchRebuildsNothing: Rule<ComposeFile> = {
  id: 'compose/watch-rebuilds-nothing',
  kind: 'breaks',
  summary: 'A change of files that would start what is not there',
  why: '`docker compose watch` refuses to rebuild an image that it does not build, and to run no command.',
  hint: 'Say how the image is built, or watch with another action.',
  references: ['Compose Develop spec, action'],
  appliesTo: ['develop'],
  bad: {
    services: { app: { image: 'app:1', develop: { watch: [{ path: '.', action: 'rebuild' }] } } },
  },
  good: {
    services: { app: { build: '.', develop: { watch: [{ path: '.', action: 'rebuild' }] } } },
  },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'develop')) {
      for (const [index, { action, exec }] of (service.develop?.watch ?? []).entries()) {
        const at = [...path, 'develop', 'watch', index]
        if (action === 'rebuild' && service.build === undefined) {
          yield { path: at, message: `${name} is rebuilt on a change, and has no build` }
        }
        if (action === 'sync+exec' && exec === undefined) {
          yield {
            path: at,
            message: `${name} runs a command on a change, and has none`,
            hint: "Add it: exec: { command: ['reload'] }.",
          }
        }
      }
    }
  },
}
