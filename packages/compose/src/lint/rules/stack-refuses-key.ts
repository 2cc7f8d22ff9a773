import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../model/dialect.ts'
import { eachService } from '../model/each-service.ts'

// By `docker stack config` of CLI 28: not in its schema, or forbidden in it.
const refused = new Set(
  [
    'annotations attach blkio_config cgroup cpu_count cpu_percent cpu_period cpu_quota',
    'cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset develop device_cgroup_rules dns_opt',
    'extends gpus group_add label_file mem_limit mem_reservation mem_swappiness memswap_limit',
    'models oom_kill_disable pids_limit platform post_start pre_start pre_stop profiles provider',
    'pull_policy runtime scale storage_opt use_api_socket uts volumes_from',
  ].flatMap((line) => line.split(' ')),
)

export const stackRefusesKey: Rule<ComposeFile> = {
  id: 'compose/stack-refuses-key',
  kind: 'invalid',
  summary: 'Key that a swarm rejects',
  why: '`docker stack deploy` uses an older schema and rejects the whole file.',
  hint: 'Remove it, or use the keys of `deploy`.',
  references: ['docker stack config, schema 3.13'],
  bad: swarm({ services: { app: { image: 'app:1', profiles: ['dev'] } } }),
  good: swarm({ services: { app: { image: 'app:1' } } }),
  ...onSwarm(function* (document) {
    for (const key of ['name', 'include', 'models'] as const) {
      if (document.data[key] === undefined) continue
      yield { path: [key], message: `a stack does not support ${key} at its top level` }
    }
    for (const { name, service, path } of eachService(document.data)) {
      for (const key of Object.keys(service)) {
        if (!refused.has(key)) continue
        yield { path: [...path, key], message: `a stack rejects ${key} of ${name}` }
      }
    }
  }),
}
