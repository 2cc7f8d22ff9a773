import type { Rule } from '@erlmcp/core'
import type { ComposeFile, Volume } from '../../document.ts'
import { earlierFiles } from '../model/other-files.ts'

function isSame(a: Volume, b: Volume): boolean {
  if (a.external || b.external) return true
  const [mine, theirs] = [a.driver_opts ?? {}, b.driver_opts ?? {}]
  const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return (
    (a.driver ?? 'local') === (b.driver ?? 'local') &&
    [...keys].every((key) => mine[key] === theirs[key])
  )
}

export const volumeDefinedTwice: Rule<ComposeFile> = {
  id: 'compose/volume-defined-twice',
  kind: 'breaks',
  severity: 'warning',
  summary: 'One volume with two definitions',
  why: 'Whoever comes first makes it; the options of the other are not in force.',
  hint: 'Define it once, and say `external: true` elsewhere; or give it another name.',
  references: ['Compose spec, volumes, name'],
  appliesTo: ['volumes'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['a:/a', 'b:/b'] } },
    volumes: { a: { name: 'data' }, b: { name: 'data', driver: 'nfs' } },
  },
  good: {
    services: { app: { image: 'app:1', volumes: ['a:/a', 'b:/b'] } },
    volumes: { a: { name: 'data-a' }, b: { name: 'data-b' } },
  },
  *check(document, around) {
    const seen = new Map<string, readonly [where: string, volume: Volume]>()
    for (const other of earlierFiles(document, around)) {
      for (const [key, volume] of Object.entries(other.data.volumes ?? {})) {
        if (volume?.name) seen.set(volume.name, [`${key} of ${other.path}`, volume])
      }
    }
    for (const [key, volume] of Object.entries(document.data.volumes ?? {})) {
      if (!volume?.name) continue
      const [where, first] = seen.get(volume.name) ?? []
      if (first && !isSame(first, volume)) {
        yield {
          path: ['volumes', key, 'name'],
          message: `${key} and ${where} are both called ${volume.name} and are not the same`,
        }
      }
      if (!first) seen.set(volume.name, [key, volume])
    }
  },
}
