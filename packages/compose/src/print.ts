import { type Format, printYaml } from '@erlmcp/core'
import type { ComposeFile, Service } from './document.ts'
import { rules } from './rules/index.ts'

// The order of the spec's own chapters.
const topOrder = [
  ...['version', 'name', 'include', 'services', 'models', 'networks', 'volumes'],
  ...['secrets', 'configs'],
]

// What it runs, when and beside what, with what data and ways in, within which bounds, and how
// it is watched. Keys that are not here follow in alphabetical order; extensions come last.
const serviceOrder = [
  ...['extends', 'provider', 'image', 'build', 'platform', 'pull_policy', 'profiles'],
  ...['container_name', 'hostname', 'user', 'entrypoint', 'command', 'working_dir'],
  ...['depends_on', 'pre_start', 'post_start', 'pre_stop'],
  ...['environment', 'env_file', 'secrets', 'configs', 'volumes', 'tmpfs', 'models'],
  ...['networks', 'network_mode', 'ports', 'expose'],
  ...['healthcheck', 'restart', 'init', 'stop_signal', 'stop_grace_period'],
  ...['read_only', 'cap_drop', 'cap_add', 'security_opt', 'privileged', 'deploy', 'logging'],
  'labels',
]

const topRank = rankOf(topOrder)
const serviceRank = rankOf(serviceOrder)

function rankOf(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map(keys.map((key, index) => [key, index]))
}

/**
 * A compose file as YAML: keys of the file and of each service in a fixed order, everything else
 * in the order it was said.
 *
 * @param header lines of a comment at the top, without `#`
 * @throws UserError for what YAML cannot say, such as half of a character
 * @example
 * printCompose({ services: { web: { image: 'nginx:1.29' } } })
 */
export function printCompose(file: ComposeFile, header: readonly string[] = []): string {
  const ordered: Record<string, unknown> = inOrder(file, topRank)
  if (file.services) {
    const services: Record<string, unknown> = {}
    for (const name in file.services) {
      services[name] = inOrder(file.services[name] as Service, serviceRank)
    }
    ordered.services = services
  }
  return printYaml(ordered, header)
}

function inOrder(node: object, rank: ReadonlyMap<string, number>): Record<string, unknown> {
  const source = node as Record<string, unknown>
  const place = (key: string) => rank.get(key) ?? (key.startsWith('x-') ? 2000 : 1000)
  const keys = Object.keys(source).sort(
    (a, b) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0),
  )
  const ordered: Record<string, unknown> = {}
  for (const key of keys) ordered[key] = source[key]
  return ordered
}

/** Compose files and swarm stacks. */
export const composeFormat: Format<ComposeFile> = { name: 'compose', rules, print: printCompose }
