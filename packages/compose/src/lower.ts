import { posix } from 'node:path'
import { type BuiltImage, ORIGIN, UserError } from '@erlmcp/core'
import { addDefaults } from './defaults.ts'
import type { Attachment, Build, Dependency, Grant, ModelUse, Port, Service } from './document.ts'
import { env, isInterpolation } from './interpolation.ts'
import { fromFile, lowerMount } from './lower-mount.ts'
import { parsePort } from './port.ts'
import { isDependency, isService } from './reach.ts'
import { checkReference } from './reference.ts'
import { refuseMissingSecrets } from './required-secrets.ts'
import type { ServiceSpec, ServiceValue } from './service.ts'
import { checkShapes } from './shape.ts'
import { serviceShapes } from './shapes/service.ts'
import { type Usage, withOrigin } from './usage.ts'
import type { Use } from './use.ts'

/** What a file is made for, where that makes a difference. */
export interface Target {
  readonly dialect: 'compose' | 'swarm'
  /** Services that another one waits for to complete. */
  readonly jobs: ReadonlySet<ServiceValue>
}

/** A service as it stands in the file. What it uses is remembered in `usage`. */
export function lowerService(value: ServiceValue, usage: Usage, target: Target): Service {
  const { spec } = value
  usage.user = `service ${value.name}`
  const image = isBuiltImage(spec.build) ? spec.build : undefined
  const node = usage.fields(spec, special)
  for (const key in spec) {
    const written = spec[key as keyof ServiceSpec]
    if (written === undefined || !special.has(key)) continue
    node[key] = lowerings[key as Special](written as never, usage, value, target)
  }
  if (typeof spec.image === 'string') checkReference(spec.image, value[ORIGIN])
  if (image) node.image ??= image.image
  if (image?.secrets) refuseMissingSecrets(value, image.secrets)
  checkShapes(node, serviceShapes, `services.${value.name}`, value[ORIGIN])
  addDefaults(node, spec, image, target.jobs.has(value))
  return withOrigin(node, value[ORIGIN])
}

type Special =
  | 'build'
  | 'configs'
  | 'credential_spec'
  | 'depends_on'
  | 'extends'
  | 'ipc'
  | 'links'
  | 'models'
  | 'network_mode'
  | 'networks'
  | 'pid'
  | 'ports'
  | 'secrets'
  | 'volumes'
  | 'volumes_from'

type Written<Key extends Special> = NonNullable<ServiceSpec[Key]>

type Lowerings = {
  readonly [Key in Special]: (
    written: Written<Key>,
    usage: Usage,
    service: ServiceValue,
    target: Target,
  ) => Service[Key]
}

const lowerings: Lowerings = {
  build: lowerBuild,
  configs: (written, usage, service, target) =>
    written.map((one) => grant(one, usage, service, target)),
  credential_spec: (written, usage) => {
    const { config, ...rest } = written
    return { ...usage.fields(rest), ...(config && { config: usage.name(config) }) }
  },
  depends_on: (written) => {
    const out: Record<string, Dependency> = {}
    for (const one of written) {
      if (isDependency(one)) out[one.service.name] = withOrigin({ ...one.how }, one[ORIGIN])
      else out[one.name] = { condition: 'service_started' }
    }
    return out
  },
  extends: (written) =>
    isService(written)
      ? { service: written.name }
      : { service: written.service, file: written.file },
  ipc: namespace,
  links: (written) =>
    written.map((one) => (isService(one) ? one.name : `${one.service.name}:${one.alias}`)),
  models: (written, usage) => listOrMap<ModelUse>(written, usage),
  network_mode: namespace,
  networks: (written, usage) => listOrMap<Attachment>(written, usage),
  pid: namespace,
  ports: lowerPorts,
  secrets: (written, usage, service, target) =>
    written.map((one) => grant(one, usage, service, target)),
  volumes: (written, usage) => written.map((one) => lowerMount(one, usage)),
  volumes_from: (written) =>
    written.map((one) => {
      if (typeof one === 'string') return one
      return isService(one) ? one.name : `${one.service.name}:${one.mode}`
    }),
}

const special: ReadonlySet<string> = new Set(Object.keys(lowerings))

/** Whether a `build` is an image that another document builds. */
export function isBuiltImage(build: unknown): build is BuiltImage {
  return typeof build === 'object' && build !== null && 'image' in build && 'writable' in build
}

function lowerBuild(
  written: Written<'build'>,
  usage: Usage,
  service: ServiceValue,
  target: Target,
): string | Build {
  if (typeof written === 'string') return usage.plain(written) as string
  // A swarm builds nothing, so it reads no variables of a build either.
  if (isBuiltImage(written)) return builtBy(written, usage, target.dialect === 'compose')
  const { secrets, ...rest } = written
  const build = usage.fields(rest) as Build
  if (!secrets) return build
  const compose: Target = { dialect: 'compose', jobs: new Set() }
  return { ...build, secrets: secrets.map((one) => grant(one, usage, service, compose)) }
}

/** How Compose builds an image that another document describes. */
function builtBy({ build }: BuiltImage, usage: Usage, withArguments: boolean): Build {
  const folder = fromFile(build.context, usage.file)
  const args = Object.entries(withArguments ? (build.args ?? {}) : {}).map(
    ([name, value]) =>
      [name, typeof value === 'string' ? value : env(name, value.default, value)] as const,
  )
  return usage.fields({
    context: folder === './' ? '.' : folder,
    dockerfile: build.dockerfile,
    target: build.target,
    ...(args.length > 0 && { args: Object.fromEntries(args) }),
  }) as Build
}

/** `network_mode`, `pid`, `ipc`: the namespace of another service, or a word of the engine. */
function namespace(written: string | ServiceValue): string {
  return isService(written) ? `service:${written.name}` : written
}

type Usable = Parameters<Usage['name']>[0]

function isUse<Value extends Usable>(one: Value | Use<Value, object>): one is Use<Value, object> {
  return one.kind === 'use'
}

/** Names in a list, or in a map as soon as one of them is used in a way of its own. */
function listOrMap<How extends object>(
  written: readonly (Usable | Use<Usable, object>)[],
  usage: Usage,
): string[] | Record<string, How> {
  if (!written.some(isUse)) return written.map((one) => usage.name(one as Usable))
  const out: Record<string, How> = {}
  for (const one of written) {
    if (isUse(one)) {
      const how = usage.fields(one.how) as How
      out[usage.name(one.value)] = withOrigin(how, one[ORIGIN])
    } else out[usage.name(one)] = {} as How
  }
  return out
}

/** Access to a secret or config; in a swarm with its reader as owner, which Compose ignores. */
function grant(
  one: Usable | Use<Usable, object>,
  usage: Usage,
  service: ServiceValue,
  target: Target,
): string | Grant {
  const value = isUse(one) ? one.value : one
  const name = usage.name(value)
  const [uid, gid] = userOf(service)
  const owner =
    target.dialect === 'swarm' && value.kind === 'secret' && uid !== undefined
      ? { uid, ...(gid !== undefined && { gid }), mode: 0o400 }
      : undefined
  if (!isUse(one)) return owner ? { source: name, ...owner } : name
  return withOrigin({ source: name, ...owner, ...usage.fields(one.how) }, one[ORIGIN])
}

/** Numeric user and group that a service runs as, as far as that is said. */
export function userOf({ spec }: ServiceValue): readonly [uid?: string, gid?: string] {
  const user = spec.user ?? (isBuiltImage(spec.build) ? spec.build.user : undefined)
  if (typeof user !== 'string') return []
  const match = /^(\d+)(?::(\d+))?$/.exec(user)
  if (!match) return []
  return match[2] === undefined ? [match[1]!] : [match[1]!, match[2]]
}

function lowerPorts(
  written: Written<'ports'>,
  usage: Usage,
  service: ServiceValue,
  target: Target,
): (string | Port)[] {
  return written.flatMap((one): string | Port | Port[] => {
    if (isInterpolation(one)) return usage.plain(one) as string
    const ports = typeof one === 'object' ? [longPort(one, usage)] : parsePort(one, service[ORIGIN])
    // A swarm publishes on every node, and refuses an address.
    if (target.dialect === 'swarm') return ports
    return ports.map((port) => ({ host_ip: '127.0.0.1', ...port }))
  })
}

/** A port that is written long, with numbers where they are: the docker CLI takes no text there. */
function longPort(one: object, usage: Usage): Port {
  const port = usage.fields(one)
  port.target = numeric(port.target)
  if (port.published !== undefined) port.published = numeric(port.published)
  return port as Port
}

function numeric(port: unknown): unknown {
  return typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port
}

/**
 * The path of a secret's file within the project.
 *
 * @throws UserError when it is outside
 */
export function projectFile(path: string, file: string, value: ServiceValue | Usable): string {
  const inside = posix.normalize(posix.join(posix.dirname(file), path))
  if (!posix.isAbsolute(path) && !inside.startsWith('../')) return inside
  throw new UserError({
    what: `the file ${path} of ${value.kind} ${value.name} is not inside the project`,
    help: 'Give a path below the folder of stack.ts, or mark it `external: true`.',
    origin: value[ORIGIN],
  })
}
