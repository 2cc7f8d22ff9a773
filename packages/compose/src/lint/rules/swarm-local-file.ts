import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { servicesWith } from '../../model/each-service.ts'
import { fileAt } from '../../model/files.ts'

export const swarmLocalFile: Rule<ComposeFile> = {
  id: 'compose/swarm-local-file',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Project file mounted by a stack',
  why: 'A swarm looks for the file on the node that runs the task: it exists only on the machine that deploys, and other nodes reject the task.',
  hint: "Use a config, which every node receives: `config('app-conf', { file: './config/app.conf' })`, or mount the `textFile` that the stack generates.",
  fileHint: 'Use a config, which every node receives.',
  references: ['Docker "Store configuration data using Docker Configs"'],
  bad: swarm({
    services: { app: { image: 'app:1', volumes: ['./config/app.conf:/etc/app.conf:ro'] } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', configs: [{ source: 'app', target: '/etc/app.conf' }] } },
    configs: { app: { file: './config/app.conf' } },
  }),
  ...onSwarm(function* (document, context) {
    for (const { name, path, mounts } of servicesWith(document.data, 'volumes')) {
      for (const { index, type, source, isVariable } of mounts) {
        if (type !== 'bind' || isVariable) continue
        if (fileAt(document.path, source, context) !== 'file') continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} mounts ${source}, which exists only on the machine that deploys`,
        }
      }
    }
  }),
}
