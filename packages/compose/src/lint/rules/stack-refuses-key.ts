import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
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
  summary: 'Something that a swarm refuses',
  why: '`docker stack deploy` reads an older schema and takes nothing of the file.',
  hint: 'Remove it, or say it in the words of `deploy`.',
  references: ['docker stack config, schema 3.13'],
  appliesTo: ['swarm'],
  bad: swarm({ services: { app: { image: 'app:1', profiles: ['dev'] } } }),
  good: swarm({ services: { app: { image: 'app:1' } } }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const key of ['name', 'include', 'models'] as const) {
      if (document.data[key] === undefined) continue
      yield { path: [key], message: `a stack has no ${key} at its top level` }
    }
    for (const { name, service, path } of eachService(document.data)) {
      for (const key of Object.keys(service)) {
        if (!refused.has(key)) continue
        yield { path: [...path, key], message: `a stack refuses ${key} of ${name}` }
      }
    }
  },
}
