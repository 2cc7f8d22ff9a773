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
import { asNode, distributionPort, type NodeOptions, nodeKeys } from '../node-service.ts'
import { checkNames, checkPorts, checkShared, checkSize } from '../validate-cluster.ts'

export interface SwarmClusterOptions extends NodeOptions {
  /** Number of nodes, 2 to 99. */
  readonly replicas: number
  /**
   * Whether the overlay is encrypted by IPsec, which the kernel of every node must know. Default: no;
   * the distribution is TLS in any case.
   */
  readonly encrypted?: boolean
}

/** A cluster in a swarm. As a source of the stack it brings the files of its authority. */
export interface SwarmCluster extends Source {
  readonly kind: 'swarm-cluster'
  readonly name: string
  readonly release: string
  readonly replicas: number
  /** One service, of which each task is a node. For `swarm(file, [cluster.service])`. */
  readonly service: ServiceValue
  /** What stands for the addresses of all nodes in the DNS. */
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
 * Nodes of one Erlang cluster as the replicas of one service of a stack file. Each task is a node of
 * its own: `<release>@<slot>-<task>.<domain>`. Its slot alone would not do: while an update starts the
 * new one first, and when a lost machine comes back, two tasks of one slot live at once.
 *
 * All share a certificate for `*.<domain>` and the common cookie, and find each other by the DNS name
 * in `<RELEASE>_DISCOVERY_DNS`, which has the address of every task in the network of the cluster.
 *
 * The healthcheck stays that of the service, which should be liveness: a swarm tells nobody of a task
 * that is not healthy yet, so one that waits for its peers waits for ever.
 *
 * @throws UserError for a name or number that cannot be one, and for what replicas cannot share
 * @example
 * const nodes = swarmCluster('shop', { replicas: 3, service: app })
 * export default stack('shop', [image, nodes, swarm('docker-compose.swarm.yml', [nodes.service])])
 */
export function swarmCluster(name: string, options: SwarmClusterOptions): SwarmCluster {
  const origin = originOf(swarmCluster)
  validateOptions(`cluster ${name}`, options, optionsSchema, origin)
  const { replicas, release = name, domain = `${name}.internal`, encrypted = false } = options
  checkNames(name, release, domain, origin)
  checkSize(replicas, 'replicas', origin)
  checkDomain(domain, origin)
  checkNetwork(options, origin)
  checkShared(`the cluster ${name}`, options.service, 'replicas', origin)
  const signer = options.authority ?? authority('dist')
  const meeting = options.network ?? overlay(`${name}-cluster`, encrypted)
  const host = `{{.Task.Slot}}-{{.Task.ID}}.${domain}`
  const alias = `nodes.${domain}`
  const prefix = release.toUpperCase()
  const { deploy } = options.service.spec
  const replicated = override(options.service, { deploy: { ...deploy, replicas } })
  const service = asNode(replicated, {
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
    papers: signer.issue(`${name}-nodes`, {
      names: [`*.${domain}`],
      usages: ['server', 'client'],
    }),
    cookie: options.cookie ?? secret('erlang-cookie'),
  })
  checkPorts(service, origin)
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

/** An overlay says so by itself in a stack file; the engine takes any text for yes. */
function overlay(name: string, encrypted: boolean): NetworkValue {
  return network(name, {
    internal: true,
    ...(encrypted && { driver_opts: { encrypted: 'true' } }),
  })
}

/** A host name ends at 64 characters (hostname(7)), and two digits, a dash and a task come before. */
function checkDomain(domain: string, origin: Origin): void {
  if (domain.length <= 34) return
  throw new UserError({
    message: `the domain ${domain} leaves no room for the name of a task in a host name of 64 characters`,
    hint: "Say one of up to 34 characters: swarmCluster(name, { domain: 'shop.internal' }).",
    origin,
  })
}

function checkNetwork({ network: own, encrypted }: SwarmClusterOptions, origin: Origin): void {
  if (!own || encrypted === undefined) return
  throw new UserError({
    message: `whether ${own.name} is encrypted is said by the network itself`,
    hint: "Leave `encrypted` out; write network(name, { driver_opts: { encrypted: 'true' } }).",
    origin,
  })
}
