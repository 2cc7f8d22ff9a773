import type { Path } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { remembered } from './remembered.ts'

/** A service, its name, and the way to it. */
export interface Place {
  readonly name: string
  readonly service: Service
  readonly path: Path
}

/** The services of a file. A service that is no mapping is left to the parser. */
export const eachService = remembered((file: ComposeFile): readonly Place[] => {
  const places: Place[] = []
  const services = file.services ?? {}
  for (const name of Object.keys(services)) {
    const service: Service | null | undefined = services[name]
    if (service) places.push({ name, service, path: ['services', name] })
  }
  return places
})
