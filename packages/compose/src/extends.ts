import { posix } from 'node:path'
import { nearest, ORIGIN, type Origin, type StackContext, UserError } from '@erlmcp/core'
import { type ComposeFile, EFFECTIVE, type Extends, type Limits, type Service } from './document.ts'
import { mergeServices } from './merge/merge.ts'
import { isService } from './reach.ts'
import { readComposeFile } from './read-file.ts'
import type { ServiceSpec, ServiceValue } from './service.ts'

/** What is said of a service by itself or by a value that it extends. */
export function inheritedSpec({ spec }: ServiceValue): ServiceSpec {
  const { extends: base, ...own } = spec
  if (!isService(base)) return spec
  const { secrets = [], ...inherited } = inheritedSpec(base)
  const all = [...secrets, ...(own.secrets ?? [])]
  return { ...inherited, ...own, ...(all.length > 0 && { secrets: all }) }
}

/** A service of a file that the stack does not make; `unknown` where that file cannot be read. */
export type ExtendedBase = Service | 'unknown'

/**
 * The service of another file that a service extends.
 *
 * @param root the file that relative paths begin at
 * @throws UserError when the file has no such service
 */
export function baseOf(
  spec: ServiceSpec,
  origin: Origin | undefined,
  root: string,
  { read }: { readonly read?: StackContext['read'] },
): ExtendedBase | undefined {
  const { extends: base } = spec
  if (base === undefined || isService(base)) return undefined
  if (typeof base.file !== 'string') return 'unknown'
  return readService(posix.join(posix.dirname(root), base.file), base.service, origin, read, 0)
}

// Compose refuses a circle, and nobody extends as deep as this.
const deepest = 20

function readService(
  path: string,
  name: string,
  origin: Origin | undefined,
  read: StackContext['read'],
  depth: number,
): ExtendedBase {
  const file =
    depth > deepest ? undefined : readComposeFile(path, { stack: '', ...(read && { read }) })
  if (!file) return 'unknown'
  const service: Service | undefined = file.services?.[name]
  if (!service) {
    const names = Object.keys(file.services ?? {})
    const meant = nearest(name, names)
    throw new UserError({
      what: `${path} has no service ${JSON.stringify(name)} to extend`,
      help: meant ? `Did you mean '${meant}'?` : `Its services are ${names.join(', ') || 'none'}.`,
      origin,
    })
  }
  const { extends: next, ...own } = service
  if (next === undefined) return own
  const { service: parent, file: other } = (
    typeof next === 'string' ? { service: next } : next
  ) as Partial<Extends>
  if (parent === undefined) return own
  const from = other === undefined ? path : posix.join(posix.dirname(path), other)
  const base = readService(from, parent, origin, read, depth + 1)
  return base === 'unknown' ? 'unknown' : mergeServices(base, own)
}

/**
 * A service with the defaults for what neither it nor the service of another file says that it
 * extends; none where that one is unknown, since a default would replace what it says.
 */
export function withDefaultsOfNeither(
  node: Service,
  base: ExtendedBase,
  spec: ServiceSpec,
  addTo: (joined: Record<string, unknown>, spec: ServiceSpec) => void,
): Service {
  if (base === 'unknown') return node
  const joined: Service = mergeServices(base, node)
  const complete: Record<string, unknown> = { ...joined }
  addTo(complete, { ...(joined as object as ServiceSpec), ...spec })
  const added = Object.entries(complete).filter(([key]) => !(key in joined))
  const limits = missingLimits(joined, complete as Service)
  const own = { ...node, ...Object.fromEntries(added.filter(([key]) => key !== 'deploy')) }
  return limits ? mergeServices(own, { deploy: { resources: { limits } } }) : own
}

function missingLimits(joined: Service, complete: Service): Limits | undefined {
  const known = joined.deploy?.resources?.limits ?? {}
  const all = Object.entries(complete.deploy?.resources?.limits ?? {})
  const missing = all.filter(([key]) => !(key in known))
  return missing.length === 0 ? undefined : Object.fromEntries(missing)
}

/** The file with what Compose makes of its services that extend those of other files, for rules. */
export function withExtended(
  file: ComposeFile,
  values: Iterable<ServiceValue>,
  path: string,
  context: { readonly read?: StackContext['read'] },
): ComposeFile {
  const services: Record<string, Service> = { ...file.services }
  let extended = false
  for (const value of values) {
    const spec = inheritedSpec(value)
    const base = baseOf(spec, value[ORIGIN], path, context)
    if (base === undefined || base === 'unknown') continue
    extended = true
    const beside = posix.dirname(String((spec.extends as Extends).file)) === '.'
    services[value.name] = mergeServices(beside ? base : withoutPaths(base), services[value.name]!)
  }
  return extended ? { ...file, [EFFECTIVE]: { path, file: { ...file, services } } } : file
}

/** Paths of a file in another folder begin there: here they would be other files. */
function withoutPaths(service: Service): Service {
  const {
    build: _,
    develop: __,
    env_file: ___,
    label_file: ____,
    volumes: _____,
    ...rest
  } = service
  return rest
}
