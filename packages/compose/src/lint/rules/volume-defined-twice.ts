import type { Rule } from '@erlmcp/core'
import type { ComposeFile, Volume } from '../../document.ts'
import { earlierFiles } from '../../model/other-files.ts'

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
  summary: 'Volume with two definitions',
  why: 'The first definition creates it; the options of the other have no effect.',
  hint: 'Define it once, with `external: true` elsewhere; or give it another name.',
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
  *check(document, context) {
    const seen = new Map<string, readonly [where: string, volume: Volume]>()
    for (const other of earlierFiles(document, context)) {
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
          message: `${key} and ${where} have the same name ${volume.name} but different options`,
        }
      }
      if (!first) seen.set(volume.name, [key, volume])
    }
  },
}
