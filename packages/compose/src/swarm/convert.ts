import { type ObjectSchema, ORIGIN, type Originated, UserError } from '@erlmcp/core'
import {
  type Change,
  type ComposeFile,
  DIALECT,
  type EnvFile,
  type IpamPool,
  type Network,
  type Service,
} from '../document.ts'
import { withOrigin } from '../render/render-context.ts'
import { type Facts, rejected, type Unsupported } from '../schema/facts.ts'
import { attachment as attachmentSchema } from '../schema/network.ts'
import { withPlainValues } from '../schema/plain-values.ts'
import { network as networkSchema, pool as poolSchema } from '../schema/resource.ts'
import { service as serviceSchema } from '../schema/service.ts'
import type { Changes } from './changes.ts'
import { toDeploy, withoutBooleans } from './deploy-key.ts'
import { toMounts } from './mounts.ts'

/**
 * A compose file as a stack file for `docker stack deploy`. Keys that a swarm does not support are left
 * out, and listed in the `changes` of the dialect.
 *
 * @param isAuthored whether the author wrote a key of a service; rewritten defaults are not listed
 */
export function toSwarm(
  file: ComposeFile,
  isAuthored: (service: string, key: string) => boolean = () => true,
): ComposeFile {
  const all: Change[] = []
  const at = (...base: string[]): Changes => ({
    add(path, action, message, essential) {
      all.push({ path: [...base, ...path], action, message, ...(essential && { essential }) })
    },
  })
  const { name: stack, include, models, services, networks, secrets, configs, ...rest } = file
  if (stack !== undefined) {
    const way = 'docker stack deploy --compose-file FILE NAME'
    at().add(['name'], 'ignored', `a stack gets its name from the command line: ${way}`)
  }
  if (include)
    at().add(
      ['include'],
      'rejected',
      'a stack file cannot include other files: list the services',
      true,
    )
  if (models) at().add(['models'], 'rejected', 'a swarm does not support models', true)
  const made = mapValues(services ?? {}, (service, name) => {
    const changes = at('services', name)
    return toStackService(service, name, {
      add: (path, action, message) => {
        const key = String(path[0])
        const isOwn = isAuthored(name, key)
        if (action === 'rewritten' && !isOwn) return
        const isGone = action !== 'rewritten' && isOwn && path.length === 1
        changes.add(path, action, message, isGone ? unsupported(key).essential : undefined)
      },
    })
  })
  const swarm: ComposeFile = {
    ...rest,
    ...(services && { services: made }),
    ...(networks && {
      networks: mapValues(networks, (one, key) => toNetwork(one, at('networks', key))),
    }),
    ...(secrets && { secrets: mapValues(secrets, (one, key) => readable('secret', key, one)) }),
    ...(configs && { configs: mapValues(configs, (one, key) => readable('config', key, one)) }),
    [DIALECT]: { ...file[DIALECT], name: 'swarm', changes: all },
  }
  return swarm
}

type Section<Value> = { readonly [name: string]: Value }

function mapValues<Value, Result>(
  section: Section<Value>,
  map: (value: Value, name: string) => Result,
): Section<Result> {
  return Object.fromEntries(Object.entries(section).map(([name, one]) => [name, map(one, name)]))
}

function toStackService(written: Service, name: string, changes: Changes): Service {
  const service = withPlainValues(written, serviceSchema)
  const out: Record<string, unknown> & Originated = {}
  for (const key in service) {
    if (isKept(serviceSchema, key)) out[key] = service[key as keyof Service]
    else reportLeftOut(key, service, changes)
  }
  if (service.command === null) delete out.command
  if (service.entrypoint === null) delete out.entrypoint
  out.deploy = toDeploy(service, changes)
  const mounts = toMounts(service, changes)
  if (mounts.length > 0) out.volumes = mounts
  if (service.depends_on) out.depends_on = dependencies(service.depends_on, changes)
  if (service.networks) out.networks = attachments(service.networks, changes)
  if (service.ports) out.ports = ports(service, name, changes)
  if (service.environment) out.environment = withoutBooleans(service.environment)
  if (service.sysctls) out.sysctls = withoutBooleans(service.sysctls)
  if (service.labels) out.labels = withoutBooleans(service.labels)
  if (service.extra_hosts) out.extra_hosts = hosts(service.extra_hosts)
  if (typeof service.env_file === 'object') out.env_file = envFiles(service.env_file, changes)
  return withOrigin(out as Service, (service as Originated)[ORIGIN])
}

/** Whether a stack file may have the key. */
function isKept({ keys }: ObjectSchema<Facts>, key: string): boolean {
  return keys[key]?.swarm === 'kept' || key.startsWith('x-')
}

/** What becomes of a key of a service that a swarm does not keep. */
function unsupported(key: string): Unsupported {
  const { swarm } = serviceSchema.keys[key] ?? {}
  return typeof swarm === 'object' ? swarm : rejected()
}

function reportLeftOut(key: string, service: Service, changes: Changes): void {
  const { action, advice = 'Remove it, or use compose.', movedTo } = unsupported(key)
  // Conversions report their own changes.
  if (movedTo !== undefined || serviceSchema.keys[key]?.swarm === 'converted') return
  if (key === 'build') {
    const image = service.image ?? 'its image'
    const message = `a swarm does not build images: push ${image} to a registry that every node reaches`
    changes.add([key], 'rewritten', message)
  } else if (action === 'ignored') {
    changes.add([key], 'ignored', `a swarm ignores ${key}. ${advice}`)
  } else changes.add([key], 'rejected', `a stack file cannot have ${key}. ${advice}`)
}

function dependencies(
  written: NonNullable<Service['depends_on']>,
  changes: Changes,
): readonly string[] {
  const message = 'a swarm starts services in any order: a service must wait for what it needs'
  changes.add(['depends_on'], 'rewritten', message)
  return Array.isArray(written) ? written : Object.keys(written)
}

function attachments(
  written: NonNullable<Service['networks']>,
  changes: Changes,
): Service['networks'] {
  if (Array.isArray(written)) return written
  return mapValues(written as Section<object | null>, (attachment, network) =>
    attachment === null ? {} : keep(attachment, attachmentSchema, ['networks', network], changes),
  ) as Service['networks']
}

function ports(service: Service, name: string, changes: Changes): Service['ports'] {
  return service.ports?.map((port, index) => {
    if (typeof port !== 'object') return port
    const { host_ip, name: label, app_protocol: protocol, published, ...rest } = port
    const path = ['ports', index]
    if (label !== undefined)
      changes.add(path, 'ignored', 'a stack file does not support the name of a port')
    if (protocol !== undefined) {
      changes.add(path, 'ignored', 'a stack file does not support the app_protocol of a port')
    }
    if (host_ip !== undefined) {
      changes.add(
        path,
        'rejected',
        `a swarm publishes on every address of a node, not on ${host_ip}`,
      )
    }
    if (typeof published === 'string' && /^\d+-\d+$/.test(published)) {
      throw new UserError({
        message: `service ${name} publishes the range ${published}, which a stack file cannot have`,
        hint: 'Publish one port, or a range of as many ports in the container.',
        origin: (port as Originated)[ORIGIN] ?? (service as Originated)[ORIGIN],
      })
    }
    return withOrigin(
      { ...rest, ...(published !== undefined && { published }) },
      (port as Originated)[ORIGIN],
    )
  })
}

/** The paths alone: the docker CLI requires every file, and has one format. */
function envFiles(written: readonly (string | EnvFile)[], changes: Changes): readonly string[] {
  return written.map((one, index) => {
    if (typeof one === 'string') return one
    for (const key of ['required', 'format'] as const) {
      if (one[key] === undefined || one[key] === true) continue
      changes.add(
        ['env_file', index],
        'ignored',
        `a stack file does not support ${key} of ${one.path}`,
      )
    }
    return one.path
  })
}

/** One line for each address of a host: the docker CLI rejects a list in a mapping. */
function hosts(written: NonNullable<Service['extra_hosts']>): Service['extra_hosts'] {
  const all = Object.entries(written)
  if (Array.isArray(written) || !all.some(([, address]) => Array.isArray(address))) return written
  return all.flatMap(([host, address]) => [address].flat().map((one) => `${host}:${one}`))
}

function toNetwork(written: Network | null, changes: Changes): Network {
  const network = written && withPlainValues(written, networkSchema)
  const { ipam, driver, ...kept } = keep(network ?? {}, networkSchema, [], changes) as Network
  if (driver === 'bridge') {
    changes.add(
      ['driver'],
      'rewritten',
      'a bridge network is limited to one node: it becomes an overlay network',
    )
  }
  if (ipam?.options) {
    changes.add(['ipam'], 'rejected', 'a stack file cannot have options of an IPAM driver')
  }
  const pools = ipam?.config?.map(
    (pool): IpamPool => keep(pool, poolSchema, ['ipam', 'config'], changes) as IpamPool,
  )
  const made: Network = {
    driver: driver === undefined || driver === 'bridge' ? 'overlay' : driver,
    ...kept,
    ...(ipam && {
      ipam: { ...(ipam.driver && { driver: ipam.driver }), ...(pools && { config: pools }) },
    }),
  }
  if (network?.external === undefined || network.external === false) return made
  const { driver: _, ...external } = made
  return withOrigin(external, (network as Originated)[ORIGIN])
}

/** The keys that a stack file may have of a node; the others are reported. */
function keep(
  node: object,
  schema: ObjectSchema<Facts>,
  path: Change['path'],
  changes: Changes,
): object {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    if (isKept(schema, key)) out[key] = value
    else changes.add([...path, key], 'rejected', `a stack file cannot have ${key} here`)
  }
  return withOrigin(out, (node as Originated)[ORIGIN])
}

/** A secret or config whose content the docker CLI can read. */
function readable<Node extends { readonly environment?: string; readonly file?: string }>(
  kind: string,
  name: string,
  node: Node,
): Node {
  const key = 'content' in node ? 'content' : node.environment !== undefined ? 'environment' : ''
  if (key === '') return node
  throw new UserError({
    message: `the ${kind} ${name} has its content in \`${key}\`, which a stack file cannot have`,
    hint:
      kind === 'config'
        ? 'Make it a file of the stack: config(name, { document: textFile(path, text) }).'
        : 'Use a file, or `external: true`.',
    origin: (node as Originated)[ORIGIN],
  })
}
