import { parseDuration, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../../model/dialect.ts'
import { servicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'
import { unhealthyAfter } from '../../unhealthy-after.ts'

const healthcheck = { test: ['CMD', 'true'], interval: '15s', timeout: '10s', retries: 3 }

export const updateMonitorTooShort: Rule<ComposeFile> = {
  id: 'compose/update-monitor-too-short',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Update monitor shorter than the healthcheck',
  why: 'A task that starts and then fails counts only within `monitor`: the bad image stays, and the update is reported as complete.',
  hint: 'Make `monitor` longer than `retries` times `interval` and `timeout` together.',
  references: ['Compose Deploy spec, update_config', 'Compose spec, healthcheck'],
  appliesTo: ['deploy'],
  bad: swarm({
    services: {
      app: {
        image: 'app:1',
        healthcheck,
        deploy: { update_config: { failure_action: 'rollback', monitor: '30s' } },
      },
    },
  }),
  good: swarm({
    services: {
      app: {
        image: 'app:1',
        healthcheck,
        deploy: { update_config: { failure_action: 'rollback', monitor: '80s' } },
      },
    },
  }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const { name, service, path } of servicesWith(document.data, 'deploy')) {
      const { healthcheck, deploy } = service
      const update = deploy?.update_config
      if (!update || healthcheck?.test === undefined || update.failure_action === 'continue')
        continue
      const monitor = parseDuration(resolve(update.monitor ?? '5s'))
      const noticed = unhealthyAfter(healthcheck)
      if (monitor === undefined || noticed === undefined || monitor >= noticed) continue
      yield {
        path: [...path, 'deploy', 'update_config'],
        message: `an update of ${name} is monitored for ${monitor / 1000} s, but its healthcheck may take ${noticed / 1000} s to fail`,
      }
    }
  },
}
