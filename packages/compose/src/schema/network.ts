import { asCount } from './author.ts'
import { define, integerOrString, number, oneOf, since, string, withFacts } from './define.ts'
import * as engine from './engine-formats.ts'
import * as format from './formats.ts'
import { merged, options } from './scalar.ts'

/** A published port, long form. */
export const port = define(
  'Port',
  {
    /** Name of the port, for documentation. */
    name: since('2.25.0', string),
    /** `ingress` (default; the swarm's mesh) or `host`. */
    mode: withFacts(string, { author: { schema: oneOf('ingress', 'host') } }),
    /** Address of the host that it is bound to. Default: all. @here Default: `127.0.0.1`, the host itself. */
    host_ip: withFacts(string, { format: format.address }),
    /** Port in the container. */
    target: withFacts(integerOrString, {
      format: format.portNumber,
      ...asCount,
    }),
    /** Port, or range `8000-8010`, on the host. Default: any free one. */
    published: withFacts(integerOrString, { format: format.hostPorts }),
    /** `tcp` (default), `udp` or `sctp`. */
    protocol: withFacts(string, { author: { schema: oneOf('tcp', 'udp', 'sctp') } }),
    /** Protocol of the application, such as `http`. */
    app_protocol: since('2.25.0', string),
  },
  ['target'],
)

/** How a service is attached to one network. */
export const attachment = define('Attachment', {
  /** More names on this network. */
  aliases: withFacts(merged, { swarm: 'kept', identity: 'name' }),
  /** Interface network name used to connect to network */
  interface_name: since('2.36.0', string, '28.1'),
  /** Specify a static IPv4 address for this service on this network. */
  ipv4_address: withFacts(string, { swarm: 'kept' }),
  /** Specify a static IPv6 address for this service on this network. */
  ipv6_address: withFacts(string, { swarm: 'kept' }),
  /** List of link-local IPs. */
  link_local_ips: withFacts(merged, { identity: 'name' }),
  /** Specify a MAC address for this service on this network. */
  mac_address: since('2.23.2', withFacts(string, { format: engine.macAddress })),
  /** Driver options for this network. */
  driver_opts: withFacts(since('2.27.1', options), { swarm: 'kept' }),
  /** Order in which networks are joined, highest first. Default: 0. */
  priority: number,
  /** The highest one gives the default gateway. Default: 0. */
  gw_priority: since('2.33.0', number, '28.0'),
})
