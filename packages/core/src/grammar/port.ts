import { isIP } from 'node:net'

/** First and last port. */
export type PortRange = readonly [from: number, to: number]

/**
 * The ports of `8080` or `8080-8090`; `undefined` for a text that is neither.
 *
 * @example parsePortRange('8080-8090') // [8080, 8090]
 */
export function parsePortRange(text: string): PortRange | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!match) return undefined
  const from = Number(match[1])
  const to = Number(match[2] ?? from)
  return from <= to && to <= 65_535 ? [from, to] : undefined
}

/** Transport protocols that the engine publishes ports of. */
export const protocols: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp'])

/** A published port, short form. */
export interface PortMapping {
  /** Address of the host, without brackets; empty for all. */
  readonly host: string
  /** Ports of the host; `undefined` lets the engine choose. */
  readonly published: PortRange | undefined
  readonly target: PortRange
  /** Empty for tcp. */
  readonly protocol: string
}

/** The parts of a port in the short form, as texts; a missing part is empty. */
export interface PortParts {
  /** Address of the host, without brackets. */
  readonly host: string
  readonly published: string
  readonly target: string
  readonly protocol: string
}

/**
 * The parts of a port in the short form `[[host:][published]:]target[/protocol]`, valid or not.
 *
 * @example splitPortMapping('[::1]:8080:80/udp').host // '::1'
 */
export function splitPortMapping(text: string): PortParts {
  const parts = text.split(':')
  const [end = '', published = ''] = [parts.pop(), parts.pop()]
  const [target = '', protocol = ''] = end.split(/\/(.*)/)
  return { host: parts.join(':').replace(/^\[(.*)\]$/, '$1'), published, target, protocol }
}

/**
 * A port in the short form, as docker/go-connections reads it; `undefined` for an invalid text.
 *
 * @example parsePortMapping('127.0.0.1:8080:80')?.target // [80, 80]
 */
export function parsePortMapping(text: string): PortMapping | undefined {
  const { host, protocol, ...parts } = splitPortMapping(text)
  const target = parsePortRange(parts.target)
  if (!target || target[0] === 0) return undefined
  if (protocol !== '' && !protocols.has(protocol.toLowerCase())) return undefined
  if (host !== '' && isIP(host) === 0) return undefined
  if (parts.published === '') return { host, published: undefined, target, protocol }
  const published = parsePortRange(parts.published)
  if (!published) return undefined
  // One port of the container takes any of a range of the host.
  const length = target[1] - target[0]
  if (length !== 0 && published[1] - published[0] !== length) return undefined
  return { host, published, target, protocol }
}
