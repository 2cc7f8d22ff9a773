import { type PortRange, parsePortRange, splitPortMapping } from '@erlmcp/core'
import type { NumberLike, Port, Service } from '../document.ts'
import { isKnown, resolve } from './resolve.ts'

/** A published port, short or long form, with defaults of interpolations in place. */
export interface Publication {
  readonly index: number
  /** Address of the host; undefined behind a variable. */
  readonly address: string | undefined
  /** Ports of the host; undefined where the engine or a variable sets them. */
  readonly published: PortRange | undefined
  /** Ports in the container; undefined behind a variable. */
  readonly target: PortRange | undefined
  readonly protocol: string
  readonly mode: string
}

/** The default address: every interface. */
export const everywhere = '0.0.0.0'

const none: readonly Publication[] = []

/** The published ports of a service, either form. */
export function readPorts(ports: Service['ports']): readonly Publication[] {
  return ports?.map(readPort) ?? none
}

function readPort(port: NumberLike | Port, index: number): Publication {
  return typeof port === 'object' ? long(port, index) : short(resolve(port), index)
}

/** Whether other hosts can reach it. An unknown address counts as intended. */
export function isEverywhere({ address }: Publication): boolean {
  return address === everywhere || address === '::'
}

export function includes(range: PortRange | undefined, port: number): boolean {
  return range !== undefined && range[0] <= port && port <= range[1]
}

/** Whether two ranges have a port in common. */
export function meet(a: PortRange, b: PortRange): boolean {
  return a[0] <= b[1] && b[0] <= a[1]
}

/** `8080`, or `8080-8090`. */
export function formatRange([from, to]: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`
}

function long(port: Port, index: number): Publication {
  return {
    index,
    address: addressOf(resolve(port.host_ip)),
    published: rangeOf(port.published),
    target: rangeOf(port.target),
    protocol: resolve(port.protocol) || 'tcp',
    mode: resolve(port.mode) || 'ingress',
  }
}

function short(text: string, index: number): Publication {
  const { host, published, target, protocol } = splitPortMapping(text)
  return {
    index,
    address: addressOf(host),
    published: rangeOf(published),
    target: rangeOf(target),
    protocol: protocol || 'tcp',
    mode: 'ingress',
  }
}

function addressOf(text: string): string | undefined {
  if (!isKnown(text)) return undefined
  return text === '' ? everywhere : text
}

/** Ports of `8080` or `8080-8090`, with defaults of interpolations in place. */
export function rangeOf(ports: NumberLike | undefined): PortRange | undefined {
  const range = parsePortRange(resolve(ports))
  return range?.[0] === 0 ? undefined : range
}
