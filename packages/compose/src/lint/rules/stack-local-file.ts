import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { servicesWith } from '../model/each-service.ts'
import { fileAt } from '../model/files.ts'

export const stackLocalFile: Rule<ComposeFile> = {
  id: 'compose/stack-local-file',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A stack that mounts a file of the project',
  why: 'A swarm looks for it on the node that a task runs on: it is on the machine that deploys, and the task is rejected on any other.',
  hint: "Give it as a config, which every node gets: `config('app-conf', { file: './config/app.conf' })`, or mount the `textFile` that the stack makes.",
  fileHint: 'Give it as a config, which every node gets.',
  references: ['Docker "Store configuration data using Docker Configs"'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: { app: { image: 'app:1', volumes: ['./config/app.conf:/etc/app.conf:ro'] } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', configs: [{ source: 'app', target: '/etc/app.conf' }] } },
    configs: { app: { file: './config/app.conf' } },
  }),
  *check(document, around) {
    if (!isSwarm(document)) return
    for (const { name, path, mounts } of servicesWith(document.data, 'volumes')) {
      for (const { index, type, source, isVariable } of mounts) {
        if (type !== 'bind' || isVariable) continue
        if (fileAt(document.path, source, around) !== 'file') continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} mounts ${source}, which is on the machine that deploys alone`,
        }
      }
    }
  },
}
