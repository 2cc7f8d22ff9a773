import type { BooleanLike, Extensible, ListOrDict, NumberLike } from './scalar.ts'

/** How a service is run by an orchestrator (Compose Deploy Specification). */
export interface Deploy extends Extensible {
  /** `replicated` (default), `global`, `replicated-job` or `global-job`. */
  readonly mode?: string
  /** How clients find the tasks: `vip` (default) or `dnsrr`. Swarm only. */
  readonly endpoint_mode?: string
  /** How many containers run at a time. Default: 1. */
  readonly replicas?: NumberLike
  /** Labels of the service, not of its containers. */
  readonly labels?: ListOrDict
  /** What to do when an update failed. */
  readonly rollback_config?: UpdateConfig
  /** How containers are replaced. */
  readonly update_config?: UpdateConfig
  /** What the containers may use, and what is kept for them. */
  readonly resources?: Resources
  /** When a container that ended is started again. It wins over the service's `restart`. */
  readonly restart_policy?: RestartPolicy
  /** Which nodes of a swarm may run it. */
  readonly placement?: Placement
}

export interface UpdateConfig extends Extensible {
  /** Containers replaced at a time; 0 is all at once. Default: 1. */
  readonly parallelism?: NumberLike
  /** Duration between two groups. Default: `0s`. */
  readonly delay?: string
  /** `continue`, `pause` (default), and for an update also `rollback`. */
  readonly failure_action?: string
  /** Duration after each task in which a failure counts. Default: `5s` in swarm. */
  readonly monitor?: string
  /** Share of failures, 0 to 1, that is tolerated. Default: 0. */
  readonly max_failure_ratio?: NumberLike
  /** Whether the old task goes first. Default: `stop-first`. */
  readonly order?: 'start-first' | 'stop-first'
}

export interface Resources extends Extensible {
  readonly limits?: Limits
  readonly reservations?: Reservations
}

/** More than this the container cannot have. */
export interface Limits extends Extensible {
  /** CPUs, may be broken: `0.5`. */
  readonly cpus?: NumberLike
  /** Bytes with a unit: `512M`. */
  readonly memory?: string
  /** Processes and threads. */
  readonly pids?: NumberLike
}

/** This much a node must have to spare. */
export interface Reservations extends Extensible {
  /** CPUs, may be broken: `0.25`. */
  readonly cpus?: NumberLike
  /** Bytes with a unit: `20M`. */
  readonly memory?: string
  /** Resources that a node advertises by itself. Swarm only. */
  readonly generic_resources?: readonly GenericResource[]
  /** Devices, such as GPUs. */
  readonly devices?: readonly DeviceRequest[]
}

export interface GenericResource extends Extensible {
  readonly discrete_resource_spec?: DiscreteResource
}

export interface DiscreteResource extends Extensible {
  readonly kind?: string
  readonly value?: NumberLike
}

/** A request for devices by what they can do. */
export interface DeviceRequest extends Extensible {
  /** What the device must be able to do: `gpu`, `tpu`, or a driver's own word. */
  readonly capabilities: readonly string[]
  /** How many, or `all`. Excludes `device_ids`. */
  readonly count?: NumberLike
  /** Which ones. Excludes `count`. */
  readonly device_ids?: readonly string[]
  readonly driver?: string
  readonly options?: ListOrDict
}

export interface RestartPolicy extends Extensible {
  /** `none`, `on-failure` or `any` (default). */
  readonly condition?: string
  /** Duration between two attempts. Default: `0s`; swarm: `5s`. */
  readonly delay?: string
  /** Attempts before giving up. Default: never gives up. */
  readonly max_attempts?: NumberLike
  /** Duration after which a start counts as successful. */
  readonly window?: string
}

export interface Placement extends Extensible {
  /** What a node must be, such as `node.labels.disk == ssd`. */
  readonly constraints?: readonly string[]
  readonly preferences?: readonly PlacementPreference[]
  /** Tasks on one node. Default: 0, no limit. */
  readonly max_replicas_per_node?: NumberLike
}

export interface PlacementPreference extends Extensible {
  /** Label over whose values the tasks are spread evenly: `node.labels.zone`. */
  readonly spread?: string
}

/** What happens when sources change while `docker compose watch` runs (Compose Develop Spec). */
export interface Develop extends Extensible {
  readonly watch?: readonly WatchRule[]
}

export interface WatchRule extends Extensible {
  /** File or folder to watch. */
  readonly path: string
  readonly action: 'rebuild' | 'sync' | 'restart' | 'sync+restart' | 'sync+exec'
  /** Where in the container the file goes, for the `sync` actions. */
  readonly target?: string
  /** Patterns, relative to `path`, that are left out. */
  readonly ignore?: string | readonly string[]
  /** Patterns, relative to `path`, of what is meant. */
  readonly include?: string | readonly string[]
  /** What runs in the container after `sync+exec`. */
  readonly exec?: Hook
  /** Whether everything is copied once at the start. */
  readonly initial_sync?: boolean
}

/** A command that Compose runs at a point in the life of a container. */
export interface Hook extends Extensible {
  readonly command: string | readonly string[] | null
  /** User that runs it. Default: that of the container. */
  readonly user?: string
  readonly privileged?: BooleanLike
  readonly working_dir?: string
  readonly environment?: ListOrDict
}

/** An init container: its own container, run to completion before the service starts. */
export interface PreStartHook extends Extensible {
  /** Default: what the image's entrypoint runs. */
  readonly command?: string | readonly string[] | null
  /** Default: the service's image. */
  readonly image?: string
  /** Default: the image's user, or the service's where `image` is left out. */
  readonly user?: string
  readonly privileged?: BooleanLike
  readonly working_dir?: string
  /** Added to the service's own. */
  readonly environment?: ListOrDict
  /** Whether each replica runs it. Default: `false`, once for the service. */
  readonly per_replica?: BooleanLike
}
