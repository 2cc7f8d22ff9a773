import type { Deploy, Limits, NumberLike, Service } from '../document.ts'
import type { Changes } from './changes.ts'

/**
 * Replicas, limits and restarts of a service under `deploy`, where a swarm reads them. Keys that
 * `deploy` has already stay.
 */
export function toDeploy(service: Service, changes: Changes): Deploy {
  const { deploy } = service
  const limits = numbers({
    cpus: text(moved(service, 'cpus', 'deploy.resources.limits.cpus', changes)),
    memory: text(moved(service, 'mem_limit', 'deploy.resources.limits.memory', changes)),
    pids: moved(service, 'pids_limit', 'deploy.resources.limits.pids', changes),
    ...deploy?.resources?.limits,
  })
  const { devices, ...kept } = deploy?.resources?.reservations ?? {}
  if (devices)
    changes.add(['deploy'], 'rejected', 'a swarm reserves generic_resources, not devices')
  const reservations = numbers({
    memory: text(
      moved(service, 'mem_reservation', 'deploy.resources.reservations.memory', changes),
    ),
    ...kept,
  })
  const replicas = deploy?.replicas ?? moved(service, 'scale', 'deploy.replicas', changes)
  const policy = deploy?.restart_policy ?? restartPolicy(service, changes)
  return defined({
    ...deploy,
    labels: deploy?.labels && withoutBooleans(deploy.labels),
    replicas: number(replicas),
    resources: defined({ limits: some(limits), reservations: some(reservations) }),
    restart_policy: policy,
  }) as Deploy
}

type Movable = 'cpus' | 'mem_limit' | 'pids_limit' | 'mem_reservation' | 'scale'

function moved(service: Service, key: Movable, to: string, changes: Changes) {
  const value = service[key]
  if (value !== undefined) changes.add([key], 'rewritten', `${key} is ${to} in a stack file`)
  return value
}

function restartPolicy({ restart }: Service, changes: Changes): Deploy['restart_policy'] {
  if (restart === undefined) return undefined
  if (restart.includes('$')) {
    const message = `a stack file cannot set restart by a variable (${restart}): the service always restarts`
    changes.add(['restart'], 'rejected', message)
    return { condition: 'any' }
  }
  changes.add(['restart'], 'rewritten', 'restart is deploy.restart_policy in a stack file')
  const [word, attempts] = restart.split(':')
  if (word === 'no') return { condition: 'none' }
  if (word !== 'on-failure') return { condition: 'any' }
  return { condition: 'on-failure', ...(attempts && { max_attempts: Number(attempts) }) }
}

/** CPUs as text and processes as a number, as the docker CLI expects. */
function numbers(part: { readonly [Key in keyof Limits]: Limits[Key] | undefined }): Limits {
  return defined({ ...part, cpus: text(part.cpus), pids: number(part.pids) }) as Limits
}

function text(value: NumberLike | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function number(value: NumberLike | undefined): NumberLike | undefined {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
}

/** The object without its undefined keys. */
export function defined<Node extends object>(node: Node): Partial<Node> {
  const out: Partial<Node> = { ...node }
  for (const key in out) if (out[key] === undefined) delete out[key]
  return out
}

function some<Node extends object>(node: Node): Node | undefined {
  return Object.keys(node).length === 0 ? undefined : node
}

/** The docker CLI rejects booleans among variables and labels. */
export function withoutBooleans(
  written: NonNullable<Service['environment']>,
): NonNullable<Service['environment']> {
  if (Array.isArray(written)) return written
  const plain = Object.entries(written).map(
    ([name, value]) => [name, typeof value === 'boolean' ? String(value) : value] as const,
  )
  return Object.fromEntries(plain)
}
