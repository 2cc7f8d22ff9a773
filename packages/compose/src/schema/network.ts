import { asCount, wordsOf } from './author.ts'
import { defineForSwarm, integerOrString, number, since, string, withFacts } from './define.ts'
import * as engine from './engine-formats.ts'
import { rejected } from './facts.ts'
import * as format from './formats.ts'
import { merged, options } from './scalar.ts'

/** A published port, long form. */
export const port = defineForSwarm(
  'Port',
  {
    /** Name of the port, for documentation. */
    name: withFacts(since('2.25.0', string), { swarm: rejected() }),
    /** `ingress` (default; the swarm's mesh) or `host`. */
    mode: withFacts(string, { ...wordsOf(format.swarmWord, 'ingress', 'host'), swarm: 'kept' }),
    /** Address of the host that it is bound to. Default: all. @here Default: `127.0.0.1`, the host itself. */
    host_ip: withFacts(string, { swarm: rejected(), format: format.address }),
    /** Port in the container. */
    target: withFacts(integerOrString, { swarm: 'kept', format: format.portNumber, ...asCount }),
    /** Port, or range `8000-8010`, on the host. Default: any free one. */
    published: withFacts(integerOrString, { swarm: 'kept', format: format.hostPorts }),
    /** `tcp` (default), `udp` or `sctp`. */
    protocol: withFacts(string, { ...wordsOf(format.word, 'tcp', 'udp', 'sctp'), swarm: 'kept' }),
    /** Protocol of the application, such as `http`. */
    app_protocol: withFacts(since('2.25.0', string), { swarm: rejected() }),
  },
  ['target'],
)

/** How a service is attached to one network. */
export const attachment = defineForSwarm('Attachment', {
  /** More names on this network. */
  aliases: withFacts(merged, { swarm: 'kept', identity: 'name' }),
  /** Interface network name used to connect to network */
  interface_name: withFacts(since('2.36.0', string, '28.1'), { swarm: rejected() }),
  /** Specify a static IPv4 address for this service on this network. */
  ipv4_address: withFacts(string, { swarm: 'kept' }),
  /** Specify a static IPv6 address for this service on this network. */
  ipv6_address: withFacts(string, { swarm: 'kept' }),
  /** List of link-local IPs. */
  link_local_ips: withFacts(merged, { swarm: rejected(), identity: 'name' }),
  /** Specify a MAC address for this service on this network. */
  mac_address: withFacts(since('2.23.2', withFacts(string, { format: engine.macAddress })), {
    swarm: rejected(),
  }),
  /** Driver options for this network. */
  driver_opts: withFacts(since('2.27.1', options), { swarm: 'kept' }),
  /** Order in which networks are joined, highest first. Default: 0. */
  priority: withFacts(number, { swarm: rejected() }),
  /** The highest one gives the default gateway. Default: 0. */
  gw_priority: withFacts(since('2.33.0', number, '28.0'), { swarm: rejected() }),
})
