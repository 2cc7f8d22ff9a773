import { mountParts } from '../mount-text.ts'
import { parsePort } from '../port.ts'

/** How Compose joins the value of a later file with that of an earlier one. */
export type Joining =
  /** The later value. */
  | 'replace'
  /** Both as a list of texts, `NAME=value` where one is a mapping. */
  | 'texts'
  /** The same, without what the earlier one has already. */
  | 'new-texts'
  /** Both as a mapping by name; a list gives names alone. */
  | 'names'
  /** The same, with the condition that a name alone means. */
  | 'dependencies'
  /** A text is the context of a build. */
  | 'build'
  /** Joined where both have one driver, else the later value. */
  | 'logging'
  /** Address pools, by subnet. */
  | 'pools'

/**
 * What is not joined as its kind says: mappings key by key, lists one after the other, everything
 * else by its later value (Compose spec, "Merge"; compose-go 2.9, override/merge.go).
 */
export const joinings: Readonly<Record<string, Joining>> = {
  'networks.*.ipam.config': 'pools',
  'networks.*.labels': 'texts',
  'volumes.*.labels': 'texts',
  'services.*.annotations': 'texts',
  'services.*.build': 'build',
  'services.*.build.additional_contexts': 'texts',
  'services.*.build.args': 'texts',
  'services.*.build.extra_hosts': 'new-texts',
  'services.*.build.labels': 'texts',
  'services.*.command': 'replace',
  'services.*.depends_on': 'dependencies',
  'services.*.deploy.labels': 'texts',
  'services.*.dns': 'texts',
  'services.*.dns_opt': 'texts',
  'services.*.dns_search': 'texts',
  'services.*.entrypoint': 'replace',
  'services.*.env_file': 'texts',
  'services.*.environment': 'texts',
  'services.*.extra_hosts': 'new-texts',
  'services.*.healthcheck.test': 'replace',
  'services.*.label_file': 'texts',
  'services.*.labels': 'texts',
  'services.*.logging': 'logging',
  'services.*.models': 'names',
  'services.*.networks': 'names',
  'services.*.sysctls': 'texts',
  'services.*.tmpfs': 'texts',
  'services.*.ulimits.*': 'replace',
}

type Fields = Readonly<Record<string, unknown>>

/** By what two items of a list are one: the later one then takes the place of the earlier. */
export const identities: Readonly<Record<string, (item: unknown) => string>> = {
  'networks.*.labels': nameOf,
  'services.*.annotations': nameOf,
  'services.*.build.additional_contexts': nameOf,
  'services.*.build.args': nameOf,
  'services.*.build.labels': nameOf,
  'services.*.build.tags': nameOf,
  'services.*.cap_add': nameOf,
  'services.*.cap_drop': nameOf,
  'services.*.configs': grantOf(''),
  'services.*.deploy.labels': nameOf,
  'services.*.devices': deviceOf,
  'services.*.dns': nameOf,
  'services.*.dns_opt': nameOf,
  'services.*.dns_search': nameOf,
  'services.*.env_file': (item) => (isFields(item) ? String(item.path) : String(item)),
  'services.*.environment': nameOf,
  'services.*.expose': String,
  'services.*.labels': nameOf,
  'services.*.links': nameOf,
  'services.*.networks.*.aliases': nameOf,
  'services.*.networks.*.link_local_ips': nameOf,
  'services.*.ports': portOf,
  'services.*.profiles': nameOf,
  'services.*.secrets': grantOf('/run/secrets'),
  'services.*.sysctls': nameOf,
  'services.*.tmpfs': nameOf,
  'services.*.volumes': targetOf,
}

/** What Compose reads a file's short forms as, before it joins the next file to it. */
export const longForms: Readonly<Record<string, (value: unknown) => unknown>> = {
  'services.*.build': (build) => (typeof build === 'string' ? { context: build } : build),
  'services.*.depends_on': (on) => byName(on, { condition: 'service_started', required: true }),
  'services.*.models': (models) => byName(models, null),
  'services.*.networks': (networks) => byName(networks, null),
  'services.*.ports': (ports) => (Array.isArray(ports) ? ports.flatMap(longPorts) : ports),
  'services.*.gpus': (gpus) => (gpus === 'all' ? [{ count: 'all' }] : gpus),
}

/** A list of names as a mapping; anything else as it is. */
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
  const [source, target = source] = mountParts(String(item))
  return target!.replace(/(?<=.)\/+$/, '')
}

// Compose tells a published number from the same one as text: they are two ports to it.
function portOf(item: unknown): string {
  if (!isFields(item)) return String(item)
  const { host_ip: host = '0.0.0.0', published, target, protocol = 'tcp' } = item
  return JSON.stringify([host, published, target, protocol])
}

function longPorts(port: unknown): readonly unknown[] {
  if (isFields(port) || String(port).includes('$')) return [port]
  try {
    return parsePort(String(port), undefined).map(({ published, ...rest }) => ({
      ...rest,
      ...(published !== undefined && { published: String(published) }),
    }))
  } catch {
    // A port that Compose cannot read is for its own diagnostic.
    return [port]
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
