import { asCount, asOneOf, wordsOf } from './author.ts'
import {
  define,
  defineForSwarm,
  integerOrString,
  list,
  numberOrString,
  oneOf,
  string,
  withFacts,
} from './define.ts'
import { rejected } from './facts.ts'
import * as format from './formats.ts'
import { count, distinct, distinctPairs, duration, fraction, pairs } from './scalar.ts'

const memory = withFacts(string, { format: format.size, author: { type: 'SizeText' } })

/** How containers are replaced, a group at a time. */
const updateConfig = (...failureActions: readonly string[]) =>
  define('UpdateConfig', {
    /** Containers replaced at a time; 0 is all at once. Default: 1. */
    parallelism: count,
    /** Duration between two groups. Default: `0s`. */
    delay: duration,
    /** `continue`, `pause` (default), and for an update also `rollback`. */
    failure_action: withFacts(string, {
      format: format.swarmWord(...failureActions),
      ...asOneOf('continue', 'pause', 'rollback'),
    }),
    /** Duration after each task in which a failure counts. Default: `5s` in swarm. */
    monitor: duration,
    /** Share of failures, 0 to 1, that is tolerated. Default: 0. */
    max_failure_ratio: withFacts(numberOrString, { format: format.ratio }),
    /** Whether the old task goes first. Default: `stop-first`. */
    order: oneOf('start-first', 'stop-first'),
  })

export const devices = list(
  define(
    'DeviceRequest',
    {
      /** Capabilities that the device must have: `gpu`, `tpu`, or one of the driver. */
      capabilities: distinct,
      /** How many, or `all`. Excludes `device_ids`. */
      count: withFacts(integerOrString, { format: format.deviceCount }),
      /** Which ones. Excludes `count`. */
      device_ids: distinct,
      /** Driver of the devices. Default: any that has the capabilities. */
      driver: string,
      /** Options of the driver. */
      options: distinctPairs,
    },
    ['capabilities'],
  ),
)

export const gpus = list(
  define('Gpu', {
    /** Capabilities that the device must have: `gpu`, `tpu`, or one of the driver. */
    capabilities: distinct,
    /** How many, or `all`. Excludes `device_ids`. */
    count: withFacts(integerOrString, { format: format.deviceCount }),
    /** Which ones. Excludes `count`. */
    device_ids: distinct,
    /** Driver of the devices. Default: any that has the capabilities. */
    driver: string,
    /** Options of the driver. */
    options: distinctPairs,
  }),
)

/** How a service is run by an orchestrator (Compose Deploy Specification). */
export const deploy = define('Deploy', {
  /** `replicated` (default), `global`, `replicated-job` or `global-job`. */
  mode: withFacts(
    string,
    wordsOf(format.swarmWord, 'replicated', 'global', 'replicated-job', 'global-job'),
  ),
  /** How clients find the tasks: `vip` (default) or `dnsrr`. Swarm only. */
  endpoint_mode: withFacts(string, wordsOf(format.swarmWord, 'vip', 'dnsrr')),
  /** How many containers run at a time. Default: 1. */
  replicas: count,
  /** Labels of the service, not of its containers. */
  labels: withFacts(pairs, { merge: 'texts', identity: 'name' }),
  /** What to do when an update failed. */
  rollback_config: updateConfig('pause', 'continue'),
  /** How containers are replaced. */
  update_config: updateConfig('pause', 'continue', 'rollback'),
  /** What the containers may use, and what is kept for them. */
  resources: define('Resources', {
    /** Resource limits for the service containers. */
    limits: define('Limits', {
      /** CPUs, may be broken: `0.5`. @here Default: 1. */
      cpus: fraction,
      /** Bytes with a unit: `512M`. @here Default: `512M`, more for images that need it. */
      memory: memory,
      /** Processes and threads. @here Default: 512. */
      pids: withFacts(integerOrString, {
        format: format.processes,
        ...asCount,
      }),
    }),
    /** Resource reservations for the service containers. */
    reservations: defineForSwarm('Reservations', {
      /** CPUs, may be broken: `0.25`. */
      cpus: withFacts(fraction, { swarm: 'kept' }),
      /** Bytes with a unit: `20M`. */
      memory: withFacts(memory, { swarm: 'kept' }),
      /** Resources that a node advertises by itself. Swarm only. */
      generic_resources: withFacts(
        list(
          define('GenericResource', {
            /** A resource that is counted. */
            discrete_resource_spec: define('DiscreteResource', {
              /** Kind of the resource, such as `gpu`. */
              kind: string,
              /** Units of it. */
              value: count,
            }),
          }),
        ),
        { swarm: 'kept' },
      ),
      /** Devices, such as GPUs. */
      devices: withFacts(devices, { swarm: rejected('Reserve `generic_resources`.') }),
    }),
  }),
  /** When a container that ended is started again. It wins over the service's `restart`. */
  restart_policy: define('RestartPolicy', {
    /** `none`, `on-failure` or `any` (default). */
    condition: withFacts(string, {
      format: format.restartPolicyCondition,
      ...asOneOf('none', 'on-failure', 'any'),
    }),
    /** Duration between two attempts. Default: `0s`; swarm: `5s`. */
    delay: duration,
    /** Attempts before giving up. Default: never gives up. */
    max_attempts: count,
    /** Duration after which a start counts as successful. */
    window: duration,
  }),
  /** Which nodes of a swarm may run it. */
  placement: define('Placement', {
    /** Constraints on the node, such as `node.labels.disk == ssd`. */
    constraints: list(withFacts(string, { format: format.constraint })),
    /** Placement preferences for the service. */
    preferences: list(
      define('PlacementPreference', {
        /** Label over whose values the tasks are spread evenly: `node.labels.zone`. */
        spread: string,
      }),
    ),
    /** Tasks on one node. Default: 0, no limit. */
    max_replicas_per_node: count,
  }),
})
