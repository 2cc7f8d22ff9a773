import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'

const remove = 'Remove it: nothing in a stack takes its place.'
// What `docker stack config` of CLI 28 takes and its deploy leaves aside.
const ignored = new Map([
  ['build', 'Build and push the image first, and name it in `image`.'],
  ['restart', 'Say it in `deploy.restart_policy`.'],
  ['security_opt', 'Set no-new-privileges for the whole engine, in its daemon.json.'],
  ['privileged', remove],
  ['network_mode', 'Join a network.'],
  ['links', 'Services of one network reach each other by name.'],
  ['external_links', 'Join the network of the other stack.'],
  ['container_name', 'Remove it: a swarm names the tasks.'],
  ['expose', 'Remove it: services of one network reach every port.'],
  ['shm_size', 'Mount a tmpfs at /dev/shm.'],
  ['tmpfs', 'Write it under `volumes`, with `type: tmpfs`.'],
  ...['cgroup_parent', 'devices', 'domainname', 'ipc', 'mac_address', 'pid', 'userns_mode'].map(
    (key) => [key, remove] as const,
  ),
])

export const stackIgnoresKey: Rule<ComposeFile> = {
  id: 'compose/stack-ignores-key',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Key that a swarm ignores',
  why: '`docker stack deploy` ignores it, with at most one line on the terminal.',
  hint: 'Remove it from the stack, and use a swarm feature for its purpose.',
  references: ['docker stack deploy, unsupported and deprecated options'],
  bad: swarm({
    services: {
      app: { image: 'app:1', restart: 'always', security_opt: ['no-new-privileges=true'] },
    },
  }),
  good: swarm({
    services: { app: { image: 'app:1', deploy: { restart_policy: { condition: 'any' } } } },
  }),
  ...onSwarm(function* (document) {
    for (const { name, service, path } of eachService(document.data)) {
      for (const key of Object.keys(service)) {
        const instead = ignored.get(key)
        if (instead === undefined) continue
        yield { path: [...path, key], message: `a swarm ignores ${key} of ${name}`, hint: instead }
      }
    }
  }),
}
