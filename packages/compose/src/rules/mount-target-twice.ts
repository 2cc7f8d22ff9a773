import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'
import { isKnown } from './reading/resolve.ts'

export const mountTargetTwice: Rule<ComposeFile> = {
  id: 'compose/mount-target-twice',
  kind: 'invalid',
  summary: 'Two mounts at one place',
  why: 'The engine refuses the container: "Duplicate mount point".',
  help: 'Keep one of them.',
  references: ['Docker "docker run", --mount'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['data:/data', './data:/data'] } },
    volumes: { data: {} },
  },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    for (const { name, path, mounts } of eachService(data)) {
      const all = mounts
      if (all.length < 2) continue
      const targets = new Set<string>()
      for (const { index, target } of all) {
        if (targets.has(target) && isKnown(target)) {
          yield {
            path: [...path, 'volumes', index],
            message: `${name} mounts two things at ${target}`,
          }
        }
        targets.add(target)
      }
    }
  },
}
