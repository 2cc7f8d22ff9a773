import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'
import { isKnown } from './reading/resolve.ts'

export const mountTargetTwice: Rule<ComposeFile> = {
  id: 'compose/mount-target-twice',
  kind: 'breaks',
  summary: 'Two mounts at one place',
  why: 'Compose keeps the last one without a word: what the other is for is not there.',
  help: 'Keep one of them.',
  references: ['Compose spec, volumes'],
  about: ['volumes'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['data:/data', './data:/data'] } },
    volumes: { data: {} },
  },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    for (const { name, path, mounts } of servicesWith(data, 'volumes')) {
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
