import { posix } from 'node:path'
import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { everyService, type Place } from '../../model/each-service.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

export const mountTargetTwice: Rule<ComposeFile> = {
  id: 'compose/mount-target-twice',
  kind: 'breaks',
  summary: 'Two mounts at one target',
  why: 'Compose silently keeps the last of two volumes; it rejects two tmpfs mounts, or one beside a volume.',
  hint: 'Remove one of them.',
  references: ['Compose spec, volumes'],
  appliesTo: ['volumes', 'tmpfs'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['data:/data', './data:/data'] } },
    volumes: { data: {} },
  },
  good: { services: { app: { image: 'app:1', volumes: ['data:/data'] } }, volumes: { data: {} } },
  *check({ data }) {
    for (const place of everyService(data)) {
      const { name, path, mounts } = place
      const inMemory = foldersInMemory(place)
      if (mounts.length + inMemory.length < 2) continue
      const targets = new Map<string, 'tmpfs' | 'volumes'>()
      for (const { key, at, target } of [
        ...inMemory,
        ...mounts.map(({ index, target }) => ({
          key: 'volumes' as const,
          at: [index],
          target: posix.normalize(target).replace(/(?<=.)\/$/, ''),
        })),
      ]) {
        const other = targets.get(target)
        if (other !== undefined && isKnown(target)) {
          const message = `${name} mounts two things at ${target}`
          const hint = other === key ? undefined : refused
          yield { path: [...path, key, ...at], message, ...(hint && { hint }) }
        }
        targets.set(target, key)
      }
    }
  },
}

const refused = 'Compose rejects the file: remove the one in tmpfs, or the one in volumes.'

function foldersInMemory({ service: { tmpfs } }: Place) {
  const inList = Array.isArray(tmpfs)
  return [tmpfs ?? []].flat().map((text, index) => ({
    key: 'tmpfs' as const,
    at: inList ? [index] : [],
    target: resolve(text).split(':')[0]!,
  }))
}
