import type { Extensible, NumberLike } from './scalar.ts'

/** How a service is attached to one network. */
export interface Attachment extends Extensible {
  /** More names on this network. */
  readonly aliases?: readonly string[]
  readonly interface_name?: string
  readonly ipv4_address?: string
  readonly ipv6_address?: string
  readonly link_local_ips?: readonly string[]
  readonly mac_address?: string
  readonly driver_opts?: { readonly [option: string]: string | number }
  /** Order in which networks are joined, highest first. Default: 0. */
  readonly priority?: number
  /** The highest one gives the default gateway. Default: 0. */
  readonly gw_priority?: number
}

/** A published port, long form. */
export interface Port extends Extensible {
  /** Name for people. */
  readonly name?: string
  /** `ingress` (default; the swarm's mesh) or `host`. */
  readonly mode?: string
  /** Address of the host that it is bound to. Default: all. */
  readonly host_ip?: string
  /** Port in the container. */
  readonly target: NumberLike
  /** Port, or range `8000-8010`, on the host. Default: any free one. */
  readonly published?: NumberLike
  /** `tcp` (default) or `udp`. */
  readonly protocol?: string
  /** Protocol of the application, such as `http`. */
  readonly app_protocol?: string
}
