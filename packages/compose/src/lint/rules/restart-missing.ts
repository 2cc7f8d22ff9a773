import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { eachService, type Place } from '../../model/each-service.ts'

export const restartMissing: Rule<ComposeFile> = {
  id: 'compose/restart-missing',
  kind: 'breaks',
  severity: 'note',
  summary: 'No restart policy',
  why: 'The service stays stopped after a crash or a reboot of the host.',
  hint: "Write `restart: 'unless-stopped'`, or `restart: 'on-failure:5'`; `restart: 'no'` for a service that is meant to end.",
  fileHint:
    'Write `restart: unless-stopped`, or `on-failure:5`; `no` for a service that is meant to end.',
  references: ['CIS Docker 5.15', 'KICS "Restart Policy On Failure Not Set To 5"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', restart: 'unless-stopped' } } },
  *check(document) {
    // A swarm restarts tasks itself.
    if (isSwarm(document)) return
    for (const { name, path } of eachService(document.data).filter(hasNoPolicy)) {
      yield { path, message: `${name} has no restart policy` }
    }
  },
}

function hasNoPolicy({ service }: Place): boolean {
  return service.restart === undefined && service.deploy?.restart_policy === undefined
}
