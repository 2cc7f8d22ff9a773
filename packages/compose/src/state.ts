import type { Document, StateItem } from '@erlmcp/core'
import { type ComposeFile, DIALECT, type Service } from './document.ts'

/**
 * What a host keeps of a file's deployment: the data of its volumes, and the containers of its
 * services. External volumes, those with `x-no-backup`, and services that exit by themselves are left
 * out.
 */
export function* stateOfFile({ data }: Document<ComposeFile>, stack: string): Iterable<StateItem> {
  const project = data[DIALECT]?.name === 'swarm' ? stack : String(data.name ?? stack)
  for (const [key, volume] of Object.entries(data.volumes ?? {})) {
    if (volume?.external || volume?.['x-no-backup'] !== undefined) continue
    const name = typeof volume?.name === 'string' ? volume.name : `${project}_${key}`
    yield { kind: 'volume', name, role: roleOf(data, key) }
  }
  for (const [name, service] of Object.entries(data.services ?? {})) {
    if (service.restart === 'no' || service.restart === undefined) continue
    yield { kind: 'container', name: `${project}/${name}`, role: programOf(service) }
  }
}

/** The image and path that a volume is mounted in: two volumes of one role hold the same kind of data. */
function roleOf({ services }: ComposeFile, volume: string): string {
  for (const service of Object.values(services ?? {})) {
    for (const mount of service.volumes ?? []) {
      if (typeof mount !== 'object' || mount.source !== volume) continue
      return `${programOf(service)} ${mount.target}`
    }
  }
  return volume
}

/** The image without its version. */
function programOf({ image, build }: Service): string {
  if (typeof image === 'string') return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
  return typeof build === 'object'
    ? String(build.target ?? build.context ?? '')
    : String(build ?? '')
}
