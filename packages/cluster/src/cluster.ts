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
import { distributionPort, type NodeOptions, nodeKeys, nodeService } from './node-service.ts'
import {
  validateNames,
  validateNotShared,
  validatePorts,
  validateSize,
} from './validate-cluster.ts'

/** One node of a cluster. */
export interface ClusterNode {
  /** From 1. */
  readonly index: number
  /** Name of its service: `erlmcp-node1`. */
  readonly service: string
  /** Fully qualified host name: alias in the network, and name in the certificate. */
  readonly host: string
  /** Name of the Erlang node: `erlmcp@erlmcp-node1.erlmcp.internal`. */
  readonly name: string
}

export interface ClusterOptions extends NodeOptions {
  /** Number of nodes, 2 to 99. */
  readonly size: number
  /** Keys of a single node, such as the port that it publishes. */
  readonly each?: (node: ClusterNode) => ServiceOverride
}

/** A cluster. As a source of the stack it adds the files of its authority. */
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
 * Each has its own certificate for mutual TLS, the common cookie, a DNS name, and the list of all nodes
 * in `<RELEASE>_PEERS`. The distribution is never published.
 *
 * The healthcheck of the service should check liveness: nodes that wait for healthy peers would never
 * start. `bin/health cluster` in a container, and `erlmcp cluster verify`, check the connections.
 *
 * @throws UserError for an invalid name or size, and for keys that nodes cannot share: published ports, a
 *   container name, a network mode
 * @example
 * const nodes = cluster('erlmcp', { size: 3, service: app })
 * export default stack('shop', [image, nodes, compose('compose.yaml', [...nodes.services])])
 */
export function cluster(name: string, options: ClusterOptions): Cluster {
  const origin = originOf(cluster)
  validateOptions(`cluster ${name}`, options, optionsSchema, origin)
  const { release = name, domain = `${name}.internal` } = options
  validateNames(name, release, domain, origin)
  validateSize(options.size, 'nodes', origin)
  validateNotShared(`the cluster ${name}`, options.service, 'nodes', origin)
  const signer = options.authority ?? authority('dist')
  const meeting = options.network ?? network(`${name}-cluster`, { internal: true })
  const nodes = Array.from({ length: options.size }, (_, at) => toNode(name, release, domain, at))
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
    const made = toService(node, common)
    const own = options.each?.(node)
    const value = own ? override(made, own) : made
    validatePorts(value, origin)
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

function toNode(cluster: string, release: string, domain: string, at: number): ClusterNode {
  const service = `${cluster}-node${at + 1}`
  const host = `${service}.${domain}`
  return Object.freeze({ index: at + 1, service, host, name: `${release}@${host}` })
}

function toService(node: ClusterNode, common: Common): ServiceValue {
  return nodeService(common.service, {
    ...common,
    name: node.service,
    hostname: node.host,
    alias: node.host,
    variables: { ...common.variables, [common.nameVariable]: node.name },
    credentials: common.authority.issue(node.service, {
      names: [node.host],
      usages: ['server', 'client'],
    }),
  })
}
