import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'

export const stackInterpolatedNumber: Rule<ComposeFile> = {
  id: 'compose/stack-interpolated-number',
  kind: 'invalid',
  summary: 'A variable where a stack wants a number',
  why: '`docker stack deploy` refuses the file: "must be a integer".',
  hint: 'Write the number.',
  references: ['docker stack config, schema 3.13'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: {
      app: { image: 'app:1', deploy: { resources: { limits: { pids: '${PIDS:-200}' } } } },
    },
  }),
  good: swarm({
    services: { app: { image: 'app:1', deploy: { resources: { limits: { pids: 200 } } } } },
  }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const { name, service, path } of eachService(document.data)) {
      if (typeof service.deploy?.resources?.limits?.pids === 'string') {
        yield {
          path: [...path, 'deploy', 'resources', 'limits', 'pids'],
          message: `${name} limits its processes by a text`,
        }
      }
      for (const [index, port] of (service.ports ?? []).entries()) {
        if (typeof port !== 'object' || typeof port.published !== 'string') continue
        // Text with a variable in it is converted after interpolation; a plain text is not.
        if (port.published.includes('$')) continue
        yield {
          path: [...path, 'ports', index, 'published'],
          message: `${name} publishes the text "${port.published}"`,
        }
      }
    }
  },
}
