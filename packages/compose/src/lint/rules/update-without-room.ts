import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../../model/dialect.ts'
import { servicesWith } from '../../model/each-service.ts'

export const updateWithoutRoom: Rule<ComposeFile> = {
  id: 'compose/update-without-room',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Start-first update that cannot place the new task',
  why: 'With `start-first` both tasks run at once. A port in `mode: host`, or the single place of a node, is taken: the update never completes.',
  hint: "Write `order: 'stop-first'`; or publish through a service of its own, and allow two tasks on a node.",
  fileHint:
    'Write `order: stop-first`; or publish through a service of its own, and allow two tasks on a node.',
  references: ['Compose Deploy spec, update_config', 'docker service create, --publish mode=host'],
  appliesTo: ['deploy'],
  bad: swarm({
    services: {
      app: {
        image: 'app:1',
        ports: [{ target: 80, published: 80, mode: 'host' }],
        deploy: { mode: 'global', update_config: { order: 'start-first' } },
      },
    },
  }),
  good: swarm({
    services: {
      app: {
        image: 'app:1',
        ports: [{ target: 80, published: 80, mode: 'host' }],
        deploy: { mode: 'global', update_config: { order: 'stop-first' } },
      },
    },
  }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const { name, service, path } of servicesWith(document.data, 'deploy')) {
      const { deploy, ports = [] } = service
      if (deploy?.update_config?.order !== 'start-first') continue
      const onHost = ports.some((port) => typeof port === 'object' && port.mode === 'host')
      const isAlone = Number(deploy.placement?.max_replicas_per_node) === 1
      if (!onHost && !isAlone) continue
      yield {
        path: [...path, 'deploy', 'update_config', 'order'],
        message: onHost
          ? `two tasks of ${name} cannot publish the same port of a node`
          : `two tasks of ${name} cannot run on one node, so an update needs a spare node`,
      }
    }
  },
}
