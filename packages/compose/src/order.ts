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

/** The keys of a compose file in their order; the node itself where they are already. */
export const inFileOrder = orderBy(topOrder)

/** The keys of a service in their order; the node itself where they are already. */
export const inServiceOrder = orderBy(serviceOrder)

type Node = Readonly<Record<string, unknown>>

function orderBy(order: readonly string[]): (node: object) => Node {
  const rank = new Map(order.map((key, index) => [key, index]))
  const place = (key: string) => rank.get(key) ?? (key.startsWith('x-') ? 2000 : 1000)
  // Services of one file say much the same: few sets of keys are ever sorted.
  const known = new Map<string, readonly string[] | 'in order'>()
  return (node) => {
    const keys = Object.keys(node)
    const shape = keys.join('\n')
    let sorted = known.get(shape)
    if (sorted === undefined) {
      const wanted = [...keys].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
      sorted = wanted.join('\n') === shape ? 'in order' : wanted
      if (known.size < 1000) known.set(shape, sorted)
    }
    return sorted === 'in order' ? (node as Node) : pick(node as Node, sorted)
  }
}

function pick(node: Node, keys: readonly string[]): Node {
  const out: Record<string, unknown> = {}
  for (const key of keys) out[key] = node[key]
  return out
}
