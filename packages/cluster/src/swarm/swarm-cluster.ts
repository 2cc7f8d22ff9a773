import {
  type Authority,
  authority,
  type NetworkValue,
  network,
  override,
  type ServiceValue,
  secret,
} from '@erlmcp/compose'
import {
  ORIGIN,
  type Origin,
  originOf,
  type Source,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { distributionPort, type NodeOptions, nodeKeys, nodeService } from '../node-service.ts'
import {
  validateNames,
  validateNotShared,
  validatePorts,
  validateSize,
} from '../validate-cluster.ts'

export interface SwarmClusterOptions extends NodeOptions {
  /** Number of nodes, 2 to 99. */
  readonly replicas: number
  /**
   * Whether the overlay is encrypted by IPsec, which the kernel of every node must support. Default:
   * false; the distribution always uses TLS.
   */
  readonly encrypted?: boolean
}

/** A cluster in a swarm. As a source of the stack it adds the files of its authority. */
export interface SwarmCluster extends Source {
  readonly kind: 'swarm-cluster'
  readonly name: string
  readonly release: string
  readonly replicas: number
  /** One service, of which each task is a node. For `swarm(file, [cluster.service])`. */
  readonly service: ServiceValue
  /** DNS name of the addresses of all nodes. */
  readonly discovery: string
  readonly network: NetworkValue
  readonly authority: Authority
  readonly [ORIGIN]?: Origin | undefined
}

const { boolean, number, object } = schema

const optionsSchema = object<SwarmClusterOptions>(
  {
    ...nodeKeys,
    replicas: number,
    encrypted: boolean,
  },
  { required: ['replicas', 'service'] },
)

/**
 * Nodes of one Erlang cluster as the replicas of one service of a stack file. Each task is a node:
 * `<release>@<slot>-<task>.<domain>`. The slot is not unique: during a start-first update, and when a
 * lost machine returns, two tasks share one.
 *
 * All share a certificate for `*.<domain>` and the cookie, and discover each other by the DNS name in
 * `<RELEASE>_DISCOVERY_DNS`, which has the address of every task in the network of the cluster.
 *
 * The healthcheck of the service should check liveness: the DNS of a swarm has no unhealthy tasks, so
 * nodes that wait for peers would never start.
 *
 * @throws UserError for an invalid name or number, and for keys that replicas cannot share
 * @example
 * const nodes = swarmCluster('shop', { replicas: 3, service: app })
 * export default stack('shop', [image, nodes, swarm('docker-compose.swarm.yml', [nodes.service])])
 */
export function swarmCluster(name: string, options: SwarmClusterOptions): SwarmCluster {
  const origin = originOf(swarmCluster)
  validateOptions(`cluster ${name}`, options, optionsSchema, origin)
  const { replicas, release = name, domain = `${name}.internal`, encrypted = false } = options
  validateNames(name, release, domain, origin)
  validateSize(replicas, 'replicas', origin)
  validateDomain(domain, origin)
  validateNetwork(options, origin)
  validateNotShared(`the cluster ${name}`, options.service, 'replicas', origin)
  const signer = options.authority ?? authority('dist')
  const meeting = options.network ?? overlay(`${name}-cluster`, encrypted)
  const host = `{{.Task.Slot}}-{{.Task.ID}}.${domain}`
  const alias = `nodes.${domain}`
  const prefix = release.toUpperCase()
  const { deploy } = options.service.spec
  const replicated = override(options.service, { deploy: { ...deploy, replicas } })
  const service = nodeService(replicated, {
    name: replicated.name,
    hostname: host,
    alias,
    variables: {
      [`${prefix}_DISCOVERY_DNS`]: `tasks.${alias}`,
      [`${prefix}_DISCOVERY_NODE_BASENAME`]: release,
      [`${prefix}_CLUSTER_SIZE`]: replicas,
      ERL_DIST_PORT: distributionPort,
      [`${prefix}_NODE_NAME`]: `${release}@${host}`,
    },
    network: meeting,
    authority: signer,
    credentials: signer.issue(`${name}-nodes`, {
      names: [`*.${domain}`],
      usages: ['server', 'client'],
    }),
    cookie: options.cookie ?? secret('erlang-cookie'),
  })
  validatePorts(service, origin)
  return Object.freeze({
    kind: 'swarm-cluster' as const,
    name,
    release,
    replicas,
    service,
    discovery: `tasks.${alias}`,
    network: meeting,
    authority: signer,
    documents: (context) => signer.documents(context),
    secrets: (context) => signer.secrets?.(context) ?? [],
    [ORIGIN]: origin,
  } satisfies SwarmCluster)
}

/** In a stack file a network is an overlay. The engine takes any value of `encrypted` for true. */
function overlay(name: string, encrypted: boolean): NetworkValue {
  return network(name, {
    internal: true,
    ...(encrypted && { driver_opts: { encrypted: 'true' } }),
  })
}

/** A host name has up to 64 characters (hostname(7)), including slot and task. */
function validateDomain(domain: string, origin: Origin): void {
  if (domain.length <= 34) return
  throw new UserError({
    message: `domain ${domain}: expected at most 34 characters, got ${domain.length}`,
    hint: "Choose a shorter one: swarmCluster(name, { domain: 'shop.internal' }).",
    origin,
  })
}

function validateNetwork({ network: own, encrypted }: SwarmClusterOptions, origin: Origin): void {
  if (!own || encrypted === undefined) return
  throw new UserError({
    message: `option encrypted conflicts with the network ${own.name}`,
    hint: "Remove `encrypted`, and write network(name, { driver_opts: { encrypted: 'true' } }).",
    origin,
  })
}
