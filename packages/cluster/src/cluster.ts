import {
  type Authority,
  authority,
  type NetworkValue,
  network,
  override,
  type SecretValue,
  type ServiceOverride,
  type ServiceValue,
  secret,
} from '@erlmcp/compose'
import {
  type Document,
  ORIGIN,
  type Origin,
  originOf,
  type SecretFile,
  type Source,
  schema,
  validateOptions,
} from '@erlmcp/core'
import { asNode, distributionPort, type NodeOptions, nodeKeys } from './node-service.ts'
import { checkNames, checkPorts, checkShared, checkSize } from './validate-cluster.ts'

/** One node of a cluster. */
export interface ClusterNode {
  /** From 1. */
  readonly index: number
  /** Name of its service: `erlmcp-node1`. */
  readonly service: string
  /** Fully qualified: its hostname, its alias in the network, and the name in its certificate. */
  readonly host: string
  /** Name of the Erlang node: `erlmcp@erlmcp-node1.erlmcp.internal`. */
  readonly name: string
}

export interface ClusterOptions extends NodeOptions {
  /** Number of nodes, 2 to 99. */
  readonly size: number
  /** What one node has otherwise than the others, such as the port that it publishes. */
  readonly each?: (node: ClusterNode) => ServiceOverride
}

/** A cluster. As a source of the stack it brings the files of its authority. */
export interface Cluster extends Source {
  readonly kind: 'cluster'
  readonly name: string
  readonly release: string
  readonly nodes: readonly ClusterNode[]
  /** For `compose(file, [...cluster.services])`. */
  readonly services: readonly ServiceValue[]
  readonly network: NetworkValue
  readonly authority: Authority
  readonly [ORIGIN]?: Origin | undefined
}

const { fn, number, object } = schema

const optionsSchema = object<ClusterOptions>(
  { ...nodeKeys, size: number, each: fn },
  { required: ['size', 'service'] },
)

/**
 * Nodes of one Erlang cluster as services of a compose file: `<name>-node1`, `<name>-node2` …
 * Each has a certificate of its own for mutual TLS, the common cookie, a name that the others
 * find it by, and the list of all nodes in `<RELEASE>_PEERS`. Nothing publishes the distribution.
 *
 * The healthcheck stays that of the service, which should be liveness: a node that waits for its
 * peers to be healthy, and they for it, never starts. Whether the nodes see each other is
 * `bin/health cluster` in a container, and `erlmcp cluster verify`.
 *
 * @throws UserError for a name or size that cannot be one, and for what nodes cannot share:
 *   published ports, a container name, a network mode
 * @example
 * const nodes = cluster('erlmcp', { size: 3, service: app })
 * export default stack('shop', [image, nodes, compose('compose.yaml', [...nodes.services])])
 */
export function cluster(name: string, options: ClusterOptions): Cluster {
  const origin = originOf(cluster)
  validateOptions(`cluster ${name}`, options, optionsSchema, origin)
  const { release = name, domain = `${name}.internal` } = options
  checkNames(name, release, domain, origin)
  checkSize(options.size, 'nodes', origin)
  checkShared(`the cluster ${name}`, options.service, 'nodes', origin)
  const signer = options.authority ?? authority('dist')
  const meeting = options.network ?? network(`${name}-cluster`, { internal: true })
  const nodes = Array.from({ length: options.size }, (_, at) => nodeOf(name, release, domain, at))
  const common: Common = {
    service: options.service,
    variables: {
      [`${release.toUpperCase()}_PEERS`]: nodes.map((node) => node.name).join(','),
      [`${release.toUpperCase()}_CLUSTER_SIZE`]: options.size,
      ERL_DIST_PORT: distributionPort,
    },
    nameVariable: `${release.toUpperCase()}_NODE_NAME`,
    network: meeting,
    authority: signer,
    cookie: options.cookie ?? secret('erlang-cookie'),
  }
  const services = nodes.map((node) => {
    const made = serviceOf(node, common)
    const own = options.each?.(node)
    const value = own ? override(made, own) : made
    checkPorts(value, origin)
    return value
  })
  return Object.freeze({
    kind: 'cluster' as const,
    name,
    release,
    nodes: Object.freeze(nodes),
    services: Object.freeze(services),
    network: meeting,
    authority: signer,
    documents: (context): Iterable<Document> => signer.documents(context),
    secrets: (context): Iterable<SecretFile> => signer.secrets?.(context) ?? [],
    [ORIGIN]: origin,
  } satisfies Cluster)
}

/** Whether a source of a stack is a cluster. */
export function isCluster(source: Source): source is Cluster {
  return (source as Partial<Cluster>).kind === 'cluster'
}

interface Common {
  readonly service: ServiceValue
  readonly variables: Readonly<Record<string, string | number>>
  readonly nameVariable: string
  readonly network: NetworkValue
  readonly authority: Authority
  readonly cookie: SecretValue
}

function nodeOf(cluster: string, release: string, domain: string, at: number): ClusterNode {
  const service = `${cluster}-node${at + 1}`
  const host = `${service}.${domain}`
  return Object.freeze({ index: at + 1, service, host, name: `${release}@${host}` })
}

function serviceOf(node: ClusterNode, common: Common): ServiceValue {
  return asNode(common.service, {
    ...common,
    name: node.service,
    hostname: node.host,
    alias: node.host,
    variables: { ...common.variables, [common.nameVariable]: node.name },
    papers: common.authority.issue(node.service, {
      names: [node.host],
      usages: ['server', 'client'],
    }),
  })
}
