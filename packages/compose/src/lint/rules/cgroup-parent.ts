import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const cgroupParent: Rule<ComposeFile> = {
  id: 'compose/cgroup-parent',
  kind: 'insecure',
  severity: 'note',
  summary: 'A control group that is chosen by hand',
  why: 'Limits that are set for all containers do not hold for this one.',
  hint: 'Remove it.',
  references: ['CIS Docker 5.25', 'KICS "Cgroup Not Default"'],
  appliesTo: ['cgroup_parent'],
  bad: { services: { app: { image: 'app:1', cgroup_parent: 'other' } } },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'cgroup_parent')) {
      if (service.cgroup_parent === undefined) continue
      yield {
        path: [...path, 'cgroup_parent'],
        message: `${name} stands under ${service.cgroup_parent}`,
      }
    }
  },
}
