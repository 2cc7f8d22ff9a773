import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const cgroupNotDefault: Rule<ComposeFile> = {
  id: 'compose/cgroup-not-default',
  kind: 'insecure',
  severity: 'note',
  summary: 'Control group other than the default',
  why: 'Limits that are set for all containers do not apply to this one.',
  hint: 'Remove `cgroup_parent`.',
  references: ['CIS Docker 5.25', 'KICS "Cgroup Not Default"'],
  bad: { services: { app: { image: 'app:1', cgroup_parent: 'other' } } },
  good: { services: { app: { image: 'app:1' } } },
  ...onServicesWith('cgroup_parent', function* ({ name, service, path }) {
    if (service.cgroup_parent === undefined) return
    yield {
      path: [...path, 'cgroup_parent'],
      message: `${name} runs in the control group ${service.cgroup_parent}`,
    }
  }),
}
