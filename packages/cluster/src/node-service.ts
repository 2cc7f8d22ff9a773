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

/** The port of the Erlang distribution in images of `erlangImage`, without epmd. */
export const distributionPort = 9100

/** Options that all nodes of a cluster share, as services or as tasks of one service. */
export interface NodeOptions {
  /** The service of every node. Its image needs `distribution: 'tls'`. */
  readonly service: ServiceValue
  /** Release of the image; the name before the `@` of a node. Default: name of the cluster. */
  readonly release?: string
  /** Domain of the hosts, in a swarm up to 34 characters. Default: `<name>.internal`. */
  readonly domain?: string
  /** Signs the certificates of the nodes. Default: `authority('dist')`. */
  readonly authority?: Authority
  /** Default: the secret `erlang-cookie`. */
  readonly cookie?: SecretValue
  /** Network of the nodes. Default: an internal network `<name>-cluster`, in a swarm an overlay. */
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

/** What turns a service into a node, or its replicas into nodes. */
export interface NodeServiceParts {
  /** Name of the service. */
  readonly name: string
  readonly hostname: string
  /** Its DNS name in the network of the cluster. */
  readonly alias: string
  readonly variables: Readonly<Record<string, string | number>>
  readonly network: NetworkValue
  readonly authority: Authority
  readonly credentials: CertificatePair
  readonly cookie: SecretValue
}

/** Adds names, network and secrets of a node to a service. */
export function nodeService(service: ServiceValue, parts: NodeServiceParts): ServiceValue {
  const { network, authority, credentials, cookie } = parts
  const own = new Set([cookie.name, authority.certificate.name])
  const kept = (service.spec.secrets ?? []).filter((one) => {
    const target = String('value' in one ? (one.options.target ?? one.value.name) : one.name)
    return !own.has(target) && !/^dist-(?:ca|cert|key)$/.test(target)
  })
  const networks = (service.spec.networks ?? []).filter(
    (one) => ('value' in one ? one.value : one).name !== network.name,
  )
  return override(service, {
    name: parts.name,
    hostname: parts.hostname,
    environment: addVariables(service.spec.environment, parts.variables),
    networks: [...networks, attach(network, { aliases: [parts.alias] })],
    secrets: [
      ...kept,
      attach(cookie, { target: 'erlang-cookie' }),
      attach(authority.certificate, { target: 'dist-ca' }),
      attach(credentials.certificate, { target: 'dist-cert' }),
      attach(credentials.key, { target: 'dist-key' }),
    ],
  })
}

type Environment = ServiceValue['spec']['environment']

function addVariables(
  written: Environment,
  more: Readonly<Record<string, string | number>>,
): Environment {
  if (!Array.isArray(written)) return { ...(written as object), ...more }
  return [...written, ...Object.entries(more).map(([key, value]) => `${key}=${value}`)]
}
