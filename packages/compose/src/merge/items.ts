import { splitMount } from '@erlmcp/core'
import { longPorts } from '../render/long-ports.ts'
import type { Identity } from '../schema/facts.ts'

type Fields = Readonly<Record<string, unknown>>

/** The identity of an item of a list: a later item replaces an earlier one of the same identity. */
export const identities: Readonly<Record<Identity, (item: unknown) => string>> = {
  name: nameOf,
  text: String,
  path: (item) => (isFields(item) ? String(item.path) : String(item)),
  target: targetOf,
  device: deviceOf,
  port: portOf,
  config: grantOf(''),
  secret: grantOf('/run/secrets'),
}

/** The long form of each short form, which Compose expands before it merges files. */
export const longForms: ReadonlyMap<string, (value: unknown) => unknown> = new Map(
  Object.entries({
    'services.*.build': (build: unknown) =>
      typeof build === 'string' ? { context: build } : build,
    'services.*.depends_on': (on: unknown) =>
      byName(on, { condition: 'service_started', required: true }),
    'services.*.models': (models: unknown) => byName(models, null),
    'services.*.networks': (networks: unknown) => byName(networks, null),
    'services.*.ports': (ports: unknown) =>
      Array.isArray(ports) ? ports.flatMap(expandPort) : ports,
    'services.*.gpus': (gpus: unknown) => (gpus === 'all' ? [{ count: 'all' }] : gpus),
  }),
)

/** A list of names as a mapping; any other value as it is. */
export function byName(value: unknown, meant: object | null): unknown {
  return Array.isArray(value) ? Object.fromEntries(value.map((name) => [name, meant])) : value
}

/** `NAME` of `NAME=value`. */
function nameOf(item: unknown): string {
  return String(item).split('=', 1)[0]!
}

function grantOf(folder: string): (item: unknown) => string {
  return (item) => {
    if (!isFields(item)) return `${folder}/${item}`
    return item.target === undefined ? `${folder}/${item.source}` : String(item.target)
  }
}

function deviceOf(item: unknown): string {
  if (isFields(item)) return String(item.target)
  const [source, target = source] = String(item).split(':')
  return target!
}

function targetOf(item: unknown): string {
  if (isFields(item)) return String(item.target)
  const [source, target = source] = splitMount(String(item))
  return target!.replace(/(?<=.)\/+$/, '')
}

// To Compose, a published number and the same number as text are two ports.
function portOf(item: unknown): string {
  if (!isFields(item)) return String(item)
  const { host_ip: host = '0.0.0.0', published, target, protocol = 'tcp' } = item
  return JSON.stringify([host, published, target, protocol])
}

function expandPort(port: unknown): readonly unknown[] {
  if (isFields(port) || String(port).includes('$')) return [port]
  // A rule reports a port that Compose cannot read.
  const ports = longPorts(String(port))
  if (ports === undefined) return [port]
  return ports.map(({ published, ...rest }) => ({
    ...rest,
    ...(published !== undefined && { published: String(published) }),
  }))
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
