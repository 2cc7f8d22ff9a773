import type { Build } from './build.ts'
import type { Deploy, Develop, DeviceRequest, Hook, PreStartHook } from './deploy.ts'
import type { Mount } from './mount.ts'
import type { Attachment, Port } from './reach.ts'
import type { Grant } from './resource.ts'
import type {
  BooleanLike,
  Command,
  Extensible,
  ExtraHosts,
  ListOrDict,
  NumberLike,
  StringOrList,
  Ulimits,
} from './scalar.ts'

/**
 * One service (Compose spec, "Services top-level element"). The names are the spec's own; what
 * the schema takes as text is text here, because `${…}` may stand anywhere.
 */
export interface Service extends Extensible {
  /** Metadata that runtimes read (OCI annotations). */
  readonly annotations?: ListOrDict
  /** Whether `up` shows its log. Default: `true`. */
  readonly attach?: BooleanLike
  /** Limits on block devices. */
  readonly blkio_config?: BlkioConfig
  /** How its image is built; a text is the context. */
  readonly build?: string | Build
  /** Capabilities to add (capabilities(7), without `CAP_`). */
  readonly cap_add?: readonly string[]
  /** Capabilities to drop; `ALL` is all. */
  readonly cap_drop?: readonly string[]
  /** Cgroup namespace. */
  readonly cgroup?: 'host' | 'private'
  readonly cgroup_parent?: string
  /** Overrides the image's CMD. */
  readonly command?: Command
  /** Configs that it may read. */
  readonly configs?: readonly (string | Grant)[]
  /** Fixed name; excludes more than one container. Default: `<project>-<service>-<n>`. */
  readonly container_name?: string
  /** Usable CPUs. Windows only. */
  readonly cpu_count?: NumberLike
  /** Share of the CPUs in per cent. Windows only. */
  readonly cpu_percent?: NumberLike
  /** Microseconds of a CFS period. */
  readonly cpu_period?: NumberLike
  /** Microseconds of CPU within a period. */
  readonly cpu_quota?: NumberLike
  readonly cpu_rt_period?: NumberLike
  readonly cpu_rt_runtime?: NumberLike
  /** Weight against other containers. Default: 1024. */
  readonly cpu_shares?: NumberLike
  /** CPUs at most, may be broken: `0.5`. */
  readonly cpus?: NumberLike
  /** CPUs that may be used: `0-3`, `0,1`. */
  readonly cpuset?: string
  /** Credentials of a managed service account. Windows only. */
  readonly credential_spec?: CredentialSpec
  /** Services that start before it, and what they must have reached. */
  readonly depends_on?: readonly string[] | { readonly [service: string]: Dependency }
  /** How an orchestrator runs it. Limits are honoured without one too. */
  readonly deploy?: Deploy | null
  /** What `docker compose watch` does. */
  readonly develop?: Develop | null
  /** Rules of the device cgroup: `c 1:3 mr`. */
  readonly device_cgroup_rules?: readonly string[]
  /** Devices of the host: `/dev/ttyUSB0:/dev/ttyUSB0:rwm`, or the long form. */
  readonly devices?: readonly (string | Device)[]
  /** DNS servers. */
  readonly dns?: StringOrList
  readonly dns_opt?: readonly string[]
  readonly dns_search?: StringOrList
  readonly domainname?: string
  /** Overrides the image's ENTRYPOINT. */
  readonly entrypoint?: Command
  /** Files with variables for the container. */
  readonly env_file?: string | readonly (string | EnvFile)[]
  /** Variables of the container. Never for secrets: `docker inspect` shows them. */
  readonly environment?: ListOrDict
  /** Ports for other containers; documentation only. */
  readonly expose?: readonly NumberLike[]
  /** A service to begin from. */
  readonly extends?: string | Extends
  readonly external_links?: readonly string[]
  /** Host names to add to /etc/hosts. */
  readonly extra_hosts?: ExtraHosts
  readonly gpus?: 'all' | readonly Gpu[]
  /** More groups of the process. */
  readonly group_add?: readonly NumberLike[]
  /** How the engine sees that it works. */
  readonly healthcheck?: Healthcheck
  readonly hostname?: string
  /** Image to run, and the name of the one that `build` makes. */
  readonly image?: string
  /** Whether a small init is process 1, which reaps and forwards signals. */
  readonly init?: BooleanLike
  /** IPC namespace: `shareable`, `service:<name>`, `host`, … */
  readonly ipc?: string
  readonly isolation?: string
  /** Files with labels. */
  readonly label_file?: StringOrList
  /** Labels of the containers. */
  readonly labels?: ListOrDict
  /** Services under a name: `db`, `db:database`. Not needed on a shared network. */
  readonly links?: readonly string[]
  /** Where its output goes. */
  readonly logging?: Logging
  readonly mac_address?: string
  /** Memory at most, bytes or with a unit. */
  readonly mem_limit?: NumberLike
  /** Memory it should be left, bytes or with a unit. */
  readonly mem_reservation?: NumberLike
  /** Readiness to swap, 0 to 100. */
  readonly mem_swappiness?: NumberLike
  /** Memory and swap together; -1 is no limit. */
  readonly memswap_limit?: NumberLike
  /** AI models that it uses. */
  readonly models?: readonly string[] | { readonly [model: string]: ModelUse | null }
  /** `none`, `host`, `service:<name>`, `container:<name>`. Excludes `networks`. */
  readonly network_mode?: string
  /** Networks that it joins. Default: the project's `default`. */
  readonly networks?: readonly string[] | { readonly [network: string]: Attachment | null }
  readonly oom_kill_disable?: BooleanLike
  /** Likelihood to be killed when memory ends, -1000 to 1000. */
  readonly oom_score_adj?: NumberLike
  /** PID namespace: `host`, `service:<name>`, … */
  readonly pid?: string
  /** Processes and threads at most; -1 is no limit. */
  readonly pids_limit?: NumberLike
  /** `os[/arch[/variant]]`. */
  readonly platform?: string
  /** Ports for the outside. */
  readonly ports?: readonly (NumberLike | Port)[]
  /** Commands after the container started. */
  readonly post_start?: readonly Hook[]
  /** Init containers that end before the container starts. */
  readonly pre_start?: readonly PreStartHook[]
  /** Commands before the container stops. */
  readonly pre_stop?: readonly Hook[]
  /** All rights of the host's root. Default: `false`. */
  readonly privileged?: BooleanLike
  /** Groups of services that are started by name. Default: always started. */
  readonly profiles?: readonly string[]
  /** What runs it, where that is not a container. */
  readonly provider?: Provider
  /** `always`, `never`, `missing` (default), `build`, `daily`, `weekly`, `every_12h`. */
  readonly pull_policy?: string
  readonly pull_refresh_after?: string
  /** Whether the root file system is read-only. Default: `false`. */
  readonly read_only?: BooleanLike
  /** `no` (default), `always`, `on-failure[:n]`, `unless-stopped`. */
  readonly restart?: string
  /** OCI runtime. Default: runc. */
  readonly runtime?: string
  /** Containers of this service. Default: 1. Must agree with `deploy.replicas`. */
  readonly scale?: NumberLike
  /** Secrets that it may read. */
  readonly secrets?: readonly (string | Grant)[]
  /** Labelling, seccomp, AppArmor: `no-new-privileges=true`. */
  readonly security_opt?: readonly string[]
  /** Size of /dev/shm, bytes or with a unit. Default: 64M. */
  readonly shm_size?: NumberLike
  readonly stdin_open?: BooleanLike
  /** Duration between the stop signal and SIGKILL. Default: `10s`. */
  readonly stop_grace_period?: string
  /** Default: the image's, or SIGTERM. */
  readonly stop_signal?: string
  readonly storage_opt?: { readonly [option: string]: unknown }
  /** Kernel parameters of its namespaces. */
  readonly sysctls?: ListOrDict
  /** Folders in memory: `/tmp`, `/tmp:size=64m,mode=1777`. */
  readonly tmpfs?: StringOrList
  readonly tty?: BooleanLike
  readonly ulimits?: Ulimits
  /** Whether it gets the engine's socket and credentials. Default: `false`. */
  readonly use_api_socket?: boolean
  /** `user`, `uid`, `uid:gid`. Default: the image's. */
  readonly user?: string
  readonly userns_mode?: string
  readonly uts?: string
  /** Volumes and files of the host. */
  readonly volumes?: readonly (string | Mount)[]
  /** All mounts of other services or containers: `db`, `db:ro`, `container:name`. */
  readonly volumes_from?: readonly string[]
  /** Overrides the image's WORKDIR. */
  readonly working_dir?: string
}

export interface BlkioConfig {
  readonly device_read_bps?: readonly BlkioLimit[]
  readonly device_read_iops?: readonly BlkioLimit[]
  readonly device_write_bps?: readonly BlkioLimit[]
  readonly device_write_iops?: readonly BlkioLimit[]
  /** Share of the bandwidth, 10 to 1000. Default: 500. */
  readonly weight?: NumberLike
  readonly weight_device?: readonly BlkioWeight[]
}

export interface BlkioLimit {
  /** Device, such as `/dev/sda`. */
  readonly path?: string
  /** Bytes (with a unit) or operations a second. */
  readonly rate?: NumberLike
}

export interface BlkioWeight {
  readonly path?: string
  readonly weight?: NumberLike
}

export interface CredentialSpec extends Extensible {
  readonly config?: string
  readonly file?: string
  readonly registry?: string
}

/** What another service must have reached before this one starts. */
export interface Dependency extends Extensible {
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully'
  /** Whether this one restarts when Compose restarts the other. Default: `false`. */
  readonly restart?: BooleanLike
  /** Whether the other one must be there at all. Default: `true`. */
  readonly required?: boolean
}

export interface Device extends Extensible {
  readonly source: string
  readonly target: string
  readonly permissions?: string
}

export interface EnvFile {
  readonly path: string
  /** `raw`: no interpolation. */
  readonly format?: string
  /** Default: `true`. */
  readonly required?: BooleanLike
}

export interface Extends {
  readonly service: string
  /** Default: this file. */
  readonly file?: string
}

export type Gpu = Partial<DeviceRequest>

/** How the engine sees that a container works (Dockerfile reference, HEALTHCHECK). */
export interface Healthcheck extends Extensible {
  /** Whether the image's own check is switched off. Default: `false`. */
  readonly disable?: BooleanLike
  /** Shell line, or `['CMD', …]`, `['CMD-SHELL', line]`, `['NONE']`. */
  readonly test?: string | readonly string[]
  /** Duration between two checks. Default: `30s`. */
  readonly interval?: string
  /** Duration that a check may take. Default: `30s`. */
  readonly timeout?: string
  /** Failures in a row that make it unhealthy. Default: 3. */
  readonly retries?: NumberLike
  /** Duration at the start in which failures do not count. Default: `0s`. */
  readonly start_period?: string
  /** Duration between two checks in the start period. Default: `5s`. */
  readonly start_interval?: string
}

export interface Logging extends Extensible {
  /** `json-file` (default), `local`, `journald`, `syslog`, `none`, … */
  readonly driver?: string
  readonly options?: { readonly [option: string]: string | number | null }
}

/** The variables through which a service learns of a model. */
export interface ModelUse extends Extensible {
  readonly endpoint_var?: string
  readonly model_var?: string
}

/** Where a service is not a container: a program of the host that makes it. */
export interface Provider extends Extensible {
  readonly type: string
  readonly options?: {
    readonly [option: string]: string | number | boolean | readonly (string | number | boolean)[]
  }
}
