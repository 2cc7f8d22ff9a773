import type { ServiceSpec } from '@erlmcp/compose'
import { originOf, schema, UserError, validateOptions } from '@erlmcp/core'

type Deploy = NonNullable<ServiceSpec['deploy']>

export interface HighlyAvailableOptions {
  /** Tasks at a time. Default: as many as nodes. */
  readonly replicas?: number
  /** Nodes of the swarm that may run them, from 2. */
  readonly nodes: number
  /** Label of nodes over whose values the tasks are spread. Default: `node.labels.zone`. */
  readonly spread?: `node.labels.${string}` | `engine.labels.${string}`
  /** Placement constraints, such as `node.role == worker`. */
  readonly constraints?: readonly string[]
}

/** Keys of `deploy` for placement and restarts. */
export type HighlyAvailable = {
  readonly replicas: number
  readonly placement: NonNullable<Deploy['placement']>
  readonly restart_policy: NonNullable<Deploy['restart_policy']>
}

const { anyList, number, object, string } = schema

const optionsSchema = object<HighlyAvailableOptions>(
  {
    replicas: number,
    nodes: number,
    spread: string,
    constraints: anyList,
  },
  { required: ['nodes'] },
)

/**
 * Keys of `deploy` for tasks that survive the loss of a node: spread over zones, as few per node as
 * possible, always restarted.
 *
 * A node may run as many tasks as it takes to replace a lost node, and one more that an update starts
 * first.
 *
 * @throws UserError for fewer than two nodes or replicas
 * @see https://docs.docker.com/reference/compose-file/deploy/#placement
 * @example
 * override(app, { deploy: { ...highlyAvailable({ nodes: 3 }) } })
 */
export function highlyAvailable(options: HighlyAvailableOptions): HighlyAvailable {
  const origin = originOf(highlyAvailable)
  validateOptions('highlyAvailable', options, optionsSchema, origin)
  const { nodes, replicas = nodes, spread = 'node.labels.zone', constraints } = options
  for (const [message, count] of Object.entries({ nodes, replicas })) {
    if (Number.isInteger(count) && count >= 2) continue
    throw new UserError({
      message: `${count} ${message} are not highly available`,
      hint: 'Use two or more: a single one is a single point of failure.',
      origin,
    })
  }
  return Object.freeze({
    replicas,
    placement: {
      ...(constraints && { constraints }),
      preferences: [{ spread }],
      max_replicas_per_node: Math.ceil((replicas + 1) / (nodes - 1)),
    },
    restart_policy: { condition: 'any', delay: '5s' },
  } as const)
}
