import {
  type Document,
  type ImageReference,
  memoize,
  type Path,
  type Rule,
  type RuleContext,
  type Violation,
} from '@erlmcp/core'
import type { ComposeFile, Service } from '../document.ts'
import { readWaits, type Wait } from './dependencies.ts'
import { type Entry, entries } from './environment.ts'
import { readImage } from './image.ts'
import { type Mounted, readMounts } from './mounts.ts'
import { type Publication, readPorts } from './ports.ts'
import { type Reference, readReferences } from './references.ts'
import { isForWindows } from './windows.ts'
import { readCommandLine, readHealthLine } from './words.ts'

/** A service with its name and path. Its parts are normalized from either syntax, once, on first use. */
export class Place {
  readonly name: string
  readonly service: Service
  readonly path: Path
  #commandLine: string | undefined
  #environment: readonly Entry[] | undefined
  #healthLine: string | undefined
  #image: ImageReference | undefined
  #mounts: readonly Mounted[] | undefined
  #ports: readonly Publication[] | undefined
  #references: readonly Reference[] | undefined
  #waits: readonly Wait[] | undefined

  constructor(name: string, service: Service) {
    this.name = name
    this.service = service
    this.path = ['services', name]
  }

  /** Entrypoint and command in one text. */
  get commandLine(): string {
    this.#commandLine ??= readCommandLine(this.service)
    return this.#commandLine
  }

  /** The variables under `environment`. */
  get environment(): readonly Entry[] {
    this.#environment ??= entries(this.service.environment)
    return this.#environment
  }

  /** The command of its healthcheck; empty without one. */
  get healthLine(): string {
    this.#healthLine ??= readHealthLine(this.service)
    return this.#healthLine
  }

  get image(): ImageReference {
    this.#image ??= readImage(this.service)
    return this.#image
  }

  /** Its mounts under `volumes`. */
  get mounts(): readonly Mounted[] {
    this.#mounts ??= readMounts(this.service.volumes)
    return this.#mounts
  }

  /** The ports that it publishes. */
  get ports(): readonly Publication[] {
    this.#ports ??= readPorts(this.service.ports)
    return this.#ports
  }

  /** The top-level definitions that it uses. */
  get references(): readonly Reference[] {
    this.#references ??= readReferences(this.service, this.mounts)
    return this.#references
  }

  /** Its dependencies. */
  get waits(): readonly Wait[] {
    this.#waits ??= readWaits(this.service)
    return this.#waits
  }
}

/** The services of a file, with those of providers: Compose validates the keys of both. */
export const everyService = memoize((file: ComposeFile): readonly Place[] => {
  const places: Place[] = []
  const services = file.services ?? {}
  for (const name of Object.keys(services)) {
    const service: Service | null | undefined = services[name]
    if (service) places.push(new Place(name, service))
  }
  return places
})

/** The services of a file that are containers, without those of providers. */
export const eachService = memoize((file: ComposeFile): readonly Place[] =>
  everyService(file).filter(({ service }) => !service.provider),
)

/** The Linux containers of a file. */
export const linuxServices = memoize((file: ComposeFile): readonly Place[] =>
  eachService(file).filter(({ service }) => !isForWindows(service)),
)

const none: readonly Place[] = []

const byKey = memoize((file: ComposeFile): ReadonlyMap<string, readonly Place[]> => {
  const found = new Map<string, Place[]>()
  for (const place of everyService(file)) {
    for (const key of Object.keys(place.service)) {
      const places = found.get(key)
      if (places) places.push(place)
      else found.set(key, [place])
    }
  }
  return found
})

/** Every key of any service. */
export function keysOfServices(file: ComposeFile): Iterable<string> {
  return byKey(file).keys()
}

/** The containers with a key. */
export function servicesWith(file: ComposeFile, key: keyof Service): readonly Place[] {
  const places = everyServiceWith(file, key)
  return places.some(({ service }) => service.provider)
    ? places.filter(({ service }) => !service.provider)
    : places
}

/** The same, with the services of providers. */
export function everyServiceWith(file: ComposeFile, key: keyof Service): readonly Place[] {
  return byKey(file).get(key) ?? none
}

export function pathOfPort({ path }: Place, { index }: Publication): Path {
  return [...path, 'ports', index]
}

/** The part of a rule that selects documents and checks them. */
export type Applied = Pick<Rule<ComposeFile>, 'appliesTo' | 'check'>

/** Checks one service of a document. */
export type CheckService = (
  place: Place,
  document: Document<ComposeFile>,
  context: RuleContext,
) => Iterable<Violation>

/** For a rule that checks each container with a key. */
export function onServicesWith(key: keyof Service, check: CheckService): Applied {
  return onServices(key, servicesWith, check)
}

/** The same, with the services of providers. */
export function onEveryServiceWith(key: keyof Service, check: CheckService): Applied {
  return onServices(key, everyServiceWith, check)
}

function onServices(key: keyof Service, select: typeof servicesWith, check: CheckService): Applied {
  return {
    appliesTo: [key],
    *check(document, context) {
      for (const place of select(document.data, key)) yield* check(place, document, context)
    },
  }
}
