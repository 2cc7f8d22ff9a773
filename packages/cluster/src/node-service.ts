import {
  type Authority,
  attach,
  type CertificatePair,
  type NetworkValue,
  override,
  type SecretValue,
  type ServiceValue,
} from '@erlmcp/compose'
import { type Keys, schema } from '@erlmcp/core'

/** The one port of Erlang's distribution; images of `erlangImage` listen there, and no epmd. */
export const distributionPort = 9100

/** What the nodes of a cluster have in common, whether each is a service or a task of one. */
export interface NodeOptions {
  /** What every node is: a service whose image has `distribution: 'tls'`. */
  readonly service: ServiceValue
  /** Release of that image; the name before the `@` of a node. Default: the cluster's name. */
  readonly release?: string
  /** Domain of the hosts, in a swarm up to 34 characters. Default: `<name>.internal`. */
  readonly domain?: string
  /** Signs the certificates of the nodes. Default: `authority('dist')`. */
  readonly authority?: Authority
  /** Default: the secret `erlang-cookie`. */
  readonly cookie?: SecretValue
  /** Where the nodes meet. Default: an internal network `<name>-cluster`, in a swarm an overlay. */
  readonly network?: NetworkValue
}

const { anyObject, kind, string } = schema

/** What the options that nodes have in common may be. */
export const nodeKeys: Keys<NodeOptions> = {
  service: kind('service'),
  release: string,
  domain: string,
  authority: anyObject,
  cookie: kind('secret'),
  network: kind('network'),
}

/** What makes a service a node of a cluster, or replicas of it nodes. */
export interface NodeParts {
  /** Name of the service. */
  readonly name: string
  readonly hostname: string
  /** What it is found by in the network of the cluster. */
  readonly alias: string
  readonly variables: Readonly<Record<string, string | number>>
  readonly network: NetworkValue
  readonly authority: Authority
  readonly papers: CertificatePair
  readonly cookie: SecretValue
}

/** The service with the names, network and secrets of a node; others that it has stay. */
export function asNode(service: ServiceValue, parts: NodeParts): ServiceValue {
  const { network, authority, papers, cookie } = parts
  const own = new Set([cookie.name, authority.certificate.name])
  const kept = (service.spec.secrets ?? []).filter((one) => {
    const target = String(
      one.kind === 'attachment' ? (one.options.target ?? one.value.name) : one.name,
    )
    return !own.has(target) && !/^dist-(?:ca|cert|key)$/.test(target)
  })
  const networks = (service.spec.networks ?? []).filter(
    (one) => (one.kind === 'attachment' ? one.value : one).name !== network.name,
  )
  return override(service, {
    name: parts.name,
    hostname: parts.hostname,
    environment: withVariables(service.spec.environment, parts.variables),
    networks: [...networks, attach(network, { aliases: [parts.alias] })],
    secrets: [
      ...kept,
      attach(cookie, { target: 'erlang-cookie' }),
      attach(authority.certificate, { target: 'dist-ca' }),
      attach(papers.certificate, { target: 'dist-cert' }),
      attach(papers.key, { target: 'dist-key' }),
    ],
  })
}

type Environment = ServiceValue['spec']['environment']

function withVariables(
  written: Environment,
  more: Readonly<Record<string, string | number>>,
): Environment {
  if (!Array.isArray(written)) return { ...(written as object), ...more }
  return [...written, ...Object.entries(more).map(([key, value]) => `${key}=${value}`)]
}
