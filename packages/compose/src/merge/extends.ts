import { posix } from 'node:path'
import { findSuggestion, ORIGIN, type Origin, type Originated, UserError } from '@erlmcp/core'
import {
  type ComposeFile,
  EFFECTIVE,
  type Extends,
  type Limits,
  type Service,
} from '../document.ts'
import { hasVariable, resolve } from '../model/resolve.ts'
import { type Reading, readComposeFile } from '../parse/read-file.ts'
import type { ServiceSpec } from '../schema/author.gen.ts'
import { mergeServices } from './merge.ts'

/** A service that another one extends; `unknown` where its file cannot be read. */
export type ExtendedBase = Service | 'unknown'

/**
 * The service that another one extends, as Compose reads it: with what that one itself extends.
 *
 * @param file that the service is in
 * @param path of that file, which relative paths begin at
 * @returns undefined for a service that extends nothing
 * @throws UserError when the extended service is missing, or extends itself
 */
export function baseOf(
  service: Service,
  file: ComposeFile,
  path: string,
  origin: Origin | undefined,
  context: Reading,
  chain: readonly string[] = [],
): ExtendedBase | undefined {
  const target: Partial<Extends> | undefined =
    typeof service.extends === 'string' ? { service: service.extends } : service.extends
  const name = target?.service
  if (name === undefined) return undefined
  if (hasVariable(target?.file)) return 'unknown'
  const from =
    target?.file === undefined ? path : posix.join(posix.dirname(path), resolve(target.file))
  const at = `${name} of ${from}`
  if (chain.includes(at)) throw extendsItself([...chain.slice(chain.indexOf(at)), at], origin)
  const other = from === path ? file : readComposeFile(from, context)
  if (!other) return 'unknown'
  const found = other.services?.[name]
  if (!found) throw notThere(name, from, other, origin)
  const whole = withBase(found, other, from, origin, context, [...chain, at])
  if (whole === 'unknown') return 'unknown'
  return posix.dirname(from) === posix.dirname(path) ? whole : withoutPaths(whole)
}

/** A service with all that it extends. */
function withBase(...[service, ...place]: Parameters<typeof baseOf>): ExtendedBase {
  const { extends: _, ...own } = service
  const base = baseOf(service, ...place)
  if (base === undefined || base === 'unknown') return base ?? own
  return mergeServices(base, own)
}

function extendsItself(chain: readonly string[], origin: Origin | undefined): UserError {
  return new UserError({
    message: `the service ${chain[0]} extends itself${chain.length > 2 ? `: ${chain.join(', which extends ')}` : ''}`,
    hint: 'Remove one `extends`: Compose rejects a cycle.',
    origin,
  })
}

function notThere(
  name: string,
  path: string,
  { services }: ComposeFile,
  origin: Origin | undefined,
): UserError {
  const names = Object.keys(services ?? {})
  const suggestion = findSuggestion(name, names)
  return new UserError({
    message: `${path} has no service ${JSON.stringify(name)} to extend`,
    hint: suggestion
      ? `Did you mean '${suggestion}'?`
      : `Its services are ${names.join(', ') || 'none'}.`,
    origin,
  })
}

/**
 * A service with defaults for the keys that neither it nor the service that it extends has. Without any
 * where the extended service is unknown, since a default would replace its keys.
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

/** The service that each service of a file extends, by name, without those that cannot be read. */
export function extendedServices(
  file: ComposeFile,
  path: string,
  context: Reading,
): Readonly<Record<string, Service>> {
  const found: Record<string, Service> = {}
  for (const [name, service] of Object.entries(file.services ?? {})) {
    if (service?.extends === undefined) continue
    const { [ORIGIN]: origin } = service as Originated
    const base = baseOf(service, file, path, origin, context)
    if (base !== undefined && base !== 'unknown') found[name] = base
  }
  return found
}

/** The file as Compose reads it: each service merged with the one that it extends. */
export function flattened(file: ComposeFile, path: string, context: Reading): ComposeFile {
  const bases = Object.entries(extendedServices(file, path, context))
  if (bases.length === 0) return file
  const whole = bases.map(([name, base]) => {
    const { extends: _, ...own } = file.services![name]!
    return [name, mergeServices(base, own)] as const
  })
  return { ...file, services: { ...file.services, ...Object.fromEntries(whole) } }
}

/** The file, with its {@link Effective} one for rules where a service extends another. */
export function withExtended(file: ComposeFile, path: string, context: Reading): ComposeFile {
  const whole = flattened(file, path, context)
  return whole === file ? file : { ...file, [EFFECTIVE]: { path, file: whole } }
}

/** Without paths that are relative to another folder, which here would name other files. */
export function withoutPaths(service: Service): Service {
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
