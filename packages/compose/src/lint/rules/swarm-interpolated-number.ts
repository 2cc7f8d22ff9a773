import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'

export const swarmInterpolatedNumber: Rule<ComposeFile> = {
  id: 'compose/swarm-interpolated-number',
  kind: 'invalid',
  summary: 'Variable in place of a number in a stack',
  why: '`docker stack deploy` rejects the file: "must be a integer".',
  hint: 'Write the number.',
  references: ['docker stack config, schema 3.13'],
  bad: swarm({
    services: {
      app: { image: 'app:1', deploy: { resources: { limits: { pids: '${PIDS:-200}' } } } },
    },
  }),
  good: swarm({
    services: { app: { image: 'app:1', deploy: { resources: { limits: { pids: 200 } } } } },
  }),
  ...onSwarm(function* (document) {
    for (const { name, service, path } of eachService(document.data)) {
      if (typeof service.deploy?.resources?.limits?.pids === 'string') {
        yield {
          path: [...path, 'deploy', 'resources', 'limits', 'pids'],
          message: `deploy.resources.limits.pids of ${name}: expected a number, got text`,
        }
      }
      for (const [index, port] of (service.ports ?? []).entries()) {
        if (typeof port !== 'object' || typeof port.published !== 'string') continue
        // Text with a variable is converted after interpolation; other text is not.
        if (port.published.includes('$')) continue
        yield {
          path: [...path, 'ports', index, 'published'],
          message: `published port of ${name}: expected a number, got the text "${port.published}"`,
        }
      }
    }
  }),
}
