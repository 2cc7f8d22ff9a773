import { build } from './build.ts'
import {
  boolean,
  define,
  integer,
  integerOrString,
  keyName,
  list,
  map,
  nil,
  number,
  numberOrString,
  oneOf,
  scalar,
  since,
  string,
  union,
  withFacts,
} from './define.ts'
import { deploy, gpus } from './deploy.ts'
import { develop, hook, preStart } from './develop.ts'
import * as engine from './engine-formats.ts'
import { ignored, meaningful, refused } from './facts.ts'
import * as format from './formats.ts'
import { mount } from './mount.ts'
import { attachment, port } from './network.ts'
import { grants } from './resource.ts'
import {
  command,
  count,
  distinct,
  environment,
  flag,
  fraction,
  hosts,
  merged,
  pairs,
  size,
  stringOrMerged,
  strings,
  ulimits,
  wholeNumber,
} from './scalar.ts'

const blkioLimits = list(
  define('BlkioLimit', {
    /** Device, such as `/dev/sda`. */
    path: string,
    /** Bytes (with a unit) or operations a second. */
    rate: size,
  }),
)
const capabilities = withFacts(list(withFacts(string, { format: engine.capability })), {
  unique: 'swarm',
})
const inMemory = withFacts(string, { format: engine.tmpfs })
const pause = withFacts(string, { format: engine.pause })
const weight = withFacts(number, { format: format.count })

const swap = withFacts(
  union(
    withFacts(integer, { format: format.swap }),
    withFacts(string, { format: format.swapText }),
  ),
  { name: 'NumberLike' },
)

/**
 * One service (Compose spec, "Services top-level element"). The names are the spec's own; what
 * the schema takes as text is text here, because `${…}` may stand anywhere.
 */
export const service = define('Service', {
  /** A service to begin from. */
  extends: withFacts(
    union(
      string,
      define(
        'Extends',
        {
          /** The name of the service to extend. */
          service: string,
          /** Default: this file. */
          file: string,
        },
        ['service'],
      ),
    ),
    { swarm: refused('Use override(base, { … }), which needs no key.') },
  ),
  /** What runs it, where that is not a container. */
  provider: withFacts(
    since(
      '2.35.0',
      define(
        'Provider',
        {
          /** External component used by Compose to manage setup and teardown lifecycle of the service. */
          type: string,
          /** Provider-specific options. */
          options: map(union(scalar, list(scalar))),
        },
        ['type'],
      ),
    ),
    { swarm: refused('Make what it provides before the stack is deployed.', meaningful) },
  ),
  /** Image to run, and the name of the one that `build` makes. */
  image: withFacts(string, { format: format.image, swarm: 'kept' }),
  /** How its image is built; a text is the context. */
  build: withFacts(union(string, build), {
    swarm: ignored('Push its image to a registry that every node reaches.'),
    merge: 'build',
  }),
  /** `os[/arch[/variant]]`. */
  platform: string,
  /** `always`, `never`, `missing` (default), `build`, `daily`, `weekly`, `every_12h`. */
  pull_policy: withFacts(string, { format: format.pullPolicy }),
  /** Groups of services that are started by name. Default: always started. */
  profiles: withFacts(merged, {
    swarm: refused(
      'Every service of a stack file is deployed: make one file for each set.',
      meaningful,
    ),
    identity: 'name',
  }),
  /** Fixed name; excludes more than one container. Default: `<project>-<service>-<n>`. */
  container_name: withFacts(string, {
    format: format.containerName,
    swarm: ignored('A task has a name of its own: reach it by the name of its service.'),
  }),
  /** Define a custom hostname for the service container. */
  hostname: withFacts(string, { format: engine.hostname, swarm: 'kept' }),
  /** `user`, `uid`, `uid:gid`. Default: the image's. */
  user: withFacts(string, { swarm: 'kept' }),
  /** Overrides the image's ENTRYPOINT. */
  entrypoint: withFacts(command, { swarm: 'kept', merge: 'replace' }),
  /** Overrides the image's CMD. */
  command: withFacts(command, { swarm: 'kept', merge: 'replace' }),
  /** Overrides the image's WORKDIR. */
  working_dir: withFacts(string, { format: engine.folder, swarm: 'kept' }),
  /** Services that start before it, and what they must have reached. */
  depends_on: withFacts(
    union(
      distinct,
      map(
        define(
          'Dependency',
          {
            /** Condition to wait for. 'service_started' waits until the service has started, 'service_healthy' waits until the service is healthy (as defined by its healthcheck), 'service_completed_successfully' waits until the service has completed successfully. */
            condition: oneOf(
              'service_started',
              'service_healthy',
              'service_completed_successfully',
            ),
            /** Whether this one restarts when Compose restarts the other. Default: `false`. */
            restart: flag,
            /** Whether the other one must be there at all. Default: `true`. */
            required: boolean,
          },
          ['condition'],
        ),
        keyName,
      ),
    ),
    { swarm: 'converted', merge: 'dependencies' },
  ),
  /** Init containers that end before the container starts. */
  pre_start: withFacts(since('5.3.0', list(preStart)), {
    swarm: refused(
      'Do it in the entrypoint, or in a service of mode `replicated-job`.',
      meaningful,
    ),
  }),
  /** Commands after the container started. */
  post_start: withFacts(since('2.30.0', list(hook)), {
    swarm: refused('Do it in the entrypoint.', meaningful),
  }),
  /** Commands before the container stops. */
  pre_stop: withFacts(since('2.30.0', list(hook)), {
    swarm: refused('Do it when the stop signal arrives.', meaningful),
  }),
  /** Variables of the container. Never for secrets: `docker inspect` shows them. */
  environment: withFacts(environment, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Files with variables for the container. */
  env_file: withFacts(
    union(
      string,
      list(
        union(
          string,
          define(
            'EnvFile',
            {
              /** Path to the environment file. */
              path: string,
              /** `raw`: no interpolation. */
              format: since('2.30.0', oneOf('raw')),
              /** Default: `true`. */
              required: flag,
            },
            ['path'],
          ),
        ),
      ),
    ),
    { swarm: 'kept', merge: 'texts', identity: 'path' },
  ),
  /** Secrets that it may read. */
  secrets: withFacts(grants, { swarm: 'kept', identity: 'secret' }),
  /** Configs that it may read. */
  configs: withFacts(grants, { swarm: 'kept', identity: 'config' }),
  /** Volumes and files of the host. */
  volumes: withFacts(list(union(withFacts(string, { format: engine.mountText }), mount)), {
    swarm: 'kept',
    identity: 'target',
  }),
  /** Folders in memory: `/tmp`, `/tmp:size=64m,mode=1777`. */
  tmpfs: withFacts(union(inMemory, withFacts(list(inMemory), { unique: 'swarm' })), {
    swarm: ignored('Write it under `volumes`, with `type: tmpfs`.', { movedTo: 'volumes' }),
    merge: 'texts',
    identity: 'name',
  }),
  /** AI models that it uses. */
  models: withFacts(
    since(
      '2.38.0',
      union(
        distinct,
        map(
          union(
            define('ModelUse', {
              /** Environment variable set to AI model endpoint. */
              endpoint_var: string,
              /** Environment variable set to AI model name. */
              model_var: since('2.38.1', string),
            }),
            nil,
          ),
          keyName,
        ),
      ),
    ),
    { merge: 'names' },
  ),
  /** Networks that it joins. Default: the project's `default`. */
  networks: withFacts(union(distinct, map(union(attachment, nil), keyName)), {
    swarm: 'kept',
    merge: 'names',
  }),
  /** `none`, `host`, `service:<name>`, `container:<name>`. Excludes `networks`. */
  network_mode: withFacts(string, {
    swarm: ignored(
      'Use `networks`; for the host network, the external network `host`.',
      meaningful,
    ),
  }),
  /** Ports for the outside. */
  ports: withFacts(list(union(withFacts(integerOrString, { format: format.portText }), port)), {
    unique: 'swarm',
    swarm: 'kept',
    identity: 'port',
  }),
  /** Ports for other containers; documentation only. */
  expose: withFacts(list(integerOrString), {
    unique: 'swarm',
    swarm: ignored('Services of one network reach each other on every port.'),
    identity: 'text',
  }),
  /** How the engine sees that it works. */
  healthcheck: withFacts(
    define('Healthcheck', {
      /** Whether the image's own check is switched off. Default: `false`. */
      disable: flag,
      /** Shell line, or `['CMD', …]`, `['CMD-SHELL', line]`, `['NONE']`. */
      test: withFacts(union(string, strings), { merge: 'replace' }),
      /** Duration between two checks. Default: `30s`. */
      interval: pause,
      /** Duration that a check may take. Default: `30s`. */
      timeout: pause,
      /** Failures in a row that make it unhealthy. Default: 3. */
      retries: count,
      /** Duration at the start in which failures do not count. Default: `0s`. */
      start_period: pause,
      /** Duration between two checks in the start period. Default: `5s`. */
      start_interval: since('2.20.2', pause, '25.0'),
    }),
    { swarm: 'kept' },
  ),
  /** `no` (default), `always`, `on-failure[:n]`, `unless-stopped`. */
  restart: withFacts(string, {
    format: format.restart,
    swarm: ignored('Write it as `deploy.restart_policy`.', { movedTo: 'deploy.restart_policy' }),
  }),
  /** Whether a small init is process 1, which reaps and forwards signals. */
  init: withFacts(flag, { swarm: 'kept' }),
  /** Default: the image's, or SIGTERM. */
  stop_signal: withFacts(string, { format: engine.signal, swarm: 'kept' }),
  /** Duration between the stop signal and SIGKILL. Default: `10s`. */
  stop_grace_period: withFacts(string, { format: format.grace, swarm: 'kept' }),
  /** Whether the root file system is read-only. Default: `false`. */
  read_only: withFacts(flag, { swarm: 'kept' }),
  /** Capabilities to drop; `ALL` is all. */
  cap_drop: withFacts(capabilities, { swarm: 'kept', identity: 'name' }),
  /** Capabilities to add (capabilities(7), without `CAP_`). */
  cap_add: withFacts(capabilities, { swarm: 'kept', identity: 'name' }),
  /** Labelling, seccomp, AppArmor: `no-new-privileges=true`. */
  security_opt: withFacts(list(withFacts(string, { format: engine.securityOption })), {
    unique: 'always',
    swarm: ignored('Set `"no-new-privileges": true` in the daemon.json of every node.', meaningful),
  }),
  /** All rights of the host's root. Default: `false`. */
  privileged: withFacts(flag, {
    swarm: ignored(
      'A swarm runs no privileged container: add the capability that is needed.',
      meaningful,
    ),
  }),
  /** How an orchestrator runs it. Limits are honoured without one too. */
  deploy: withFacts(union(nil, deploy), { swarm: 'kept' }),
  /** Where its output goes. */
  logging: withFacts(
    define('Logging', {
      /** `json-file` (default), `local`, `journald`, `syslog`, `none`, … */
      driver: string,
      /** Options for the logging driver. */
      options: map(union(numberOrString, nil)),
    }),
    { swarm: 'kept', merge: 'logging' },
  ),
  /** Labels of the containers. */
  labels: withFacts(pairs, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Metadata that runtimes read (OCI annotations). */
  annotations: withFacts(since('2.18.0', pairs), { merge: 'texts', identity: 'name' }),
  /** Whether `up` shows its log. Default: `true`. */
  attach: since('2.20.0', flag),
  /** Limits on block devices. */
  blkio_config: define('BlkioConfig', {
    /** Limit read rate (bytes per second) from a device. */
    device_read_bps: blkioLimits,
    /** Limit read rate (IO per second) from a device. */
    device_read_iops: blkioLimits,
    /** Limit write rate (bytes per second) to a device. */
    device_write_bps: blkioLimits,
    /** Limit write rate (IO per second) to a device. */
    device_write_iops: blkioLimits,
    /** Share of the bandwidth, 10 to 1000. Default: 500. */
    weight,
    /** Block IO weight (relative weight) for specific devices. */
    weight_device: list(
      define('BlkioWeight', {
        /** Path to the device (e.g., '/dev/sda'). */
        path: string,
        /** Relative weight for the device, between 10 and 1000. */
        weight,
      }),
    ),
  }),
  /** Cgroup namespace. */
  cgroup: withFacts(oneOf('host', 'private'), { swarm: refused(undefined, meaningful) }),
  /** Specify an optional parent cgroup for the container. */
  cgroup_parent: withFacts(string, {
    swarm: ignored('A swarm has no cgroup parents.', meaningful),
  }),
  /** Usable CPUs. Windows only. */
  cpu_count: count,
  /** Share of the CPUs in per cent. Windows only. */
  cpu_percent: withFacts(numberOrString, { format: format.percent }),
  /** Microseconds of a CFS period. */
  cpu_period: withFacts(integerOrString, { format: engine.period }),
  /** Microseconds of CPU within a period. */
  cpu_quota: withFacts(integerOrString, { format: engine.quota }),
  /** Limit the CPU real-time period in microseconds or a duration. */
  cpu_rt_period: wholeNumber,
  /** Limit the CPU real-time runtime in microseconds or a duration. */
  cpu_rt_runtime: wholeNumber,
  /** Weight against other containers. Default: 1024. */
  cpu_shares: wholeNumber,
  /** CPUs at most, may be broken: `0.5`. */
  cpus: withFacts(fraction, {
    swarm: refused('Write it as `deploy.resources.limits.cpus`.', {
      movedTo: 'deploy.resources.limits.cpus',
    }),
  }),
  /** CPUs that may be used: `0-3`, `0,1`. */
  cpuset: string,
  /** Credentials of a managed service account. Windows only. */
  credential_spec: withFacts(
    define('CredentialSpec', {
      /** The name of the credential spec Config to use. */
      config: string,
      /** Path to a credential spec file. */
      file: string,
      /** Path to a credential spec in the Windows registry. */
      registry: string,
    }),
    { swarm: 'kept' },
  ),
  /** What `docker compose watch` does. */
  develop: withFacts(since('2.22.0', union(nil, develop)), {
    swarm: refused('`docker compose watch` is for compose files.'),
  }),
  /** Rules of the device cgroup: `c 1:3 mr`. */
  device_cgroup_rules: withFacts(distinct, { swarm: refused(undefined, meaningful) }),
  /** Devices of the host: `/dev/ttyUSB0:/dev/ttyUSB0:rwm`, or the long form. */
  devices: withFacts(
    list(
      union(
        withFacts(string, { format: format.deviceText }),
        define(
          'Device',
          {
            /** Path on the host to the device. */
            source: string,
            /** Path in the container where the device will be mapped. */
            target: string,
            /** Cgroup permissions for the device (rwm). */
            permissions: string,
          },
          ['source', 'target'],
        ),
      ),
    ),
    {
      swarm: ignored(
        'A swarm passes no devices: bind-mount the device node, or run it with compose.',
        meaningful,
      ),
      identity: 'device',
    },
  ),
  /** DNS servers. */
  dns: withFacts(stringOrMerged, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Custom DNS options to be passed to the container's DNS resolver. */
  dns_opt: withFacts(merged, { merge: 'texts', identity: 'name' }),
  /** Custom DNS search domains to set on the service container. */
  dns_search: withFacts(stringOrMerged, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Custom domain name to use for the service container. */
  domainname: withFacts(string, { swarm: ignored('Put the domain into `hostname`.') }),
  /** Link to services started outside this Compose application. Specify services as <service_name>:<alias>. */
  external_links: withFacts(distinct, { swarm: ignored('Put both on one network.') }),
  /** Host names to add to /etc/hosts. */
  extra_hosts: withFacts(hosts, { swarm: 'kept', merge: 'new-texts' }),
  /** Define GPU devices to use. Can be set to 'all' to use all GPUs, or a list of specific GPU devices. */
  gpus: withFacts(since('2.30.0', union(oneOf('all'), gpus)), {
    swarm: refused(undefined, meaningful),
  }),
  /** More groups of the process. */
  group_add: withFacts(list(integerOrString), {
    unique: 'always',
    swarm: refused(undefined, meaningful),
  }),
  /** IPC namespace: `shareable`, `service:<name>`, `host`, … */
  ipc: withFacts(string, {
    format: engine.ipc,
    swarm: ignored('Each task has an IPC namespace of its own.', meaningful),
  }),
  /** Container isolation technology to use. Supported values are platform-specific. */
  isolation: withFacts(string, { swarm: 'kept' }),
  /** Files with labels. */
  label_file: withFacts(since('2.32.0', union(string, strings)), { merge: 'texts' }),
  /** Services under a name: `db`, `db:database`. Not needed on a shared network. */
  links: withFacts(merged, {
    swarm: ignored('Services of one network know each other by name.'),
    identity: 'name',
  }),
  /** Container MAC address to set. */
  mac_address: withFacts(string, {
    format: engine.macAddress,
    swarm: ignored('A swarm gives addresses itself.'),
  }),
  /** Memory at most, bytes or with a unit. */
  mem_limit: withFacts(size, {
    swarm: refused('Write it as `deploy.resources.limits.memory`.', {
      movedTo: 'deploy.resources.limits.memory',
    }),
  }),
  /** Memory it should be left, bytes or with a unit. */
  mem_reservation: withFacts(size, {
    swarm: refused('Write it as `deploy.resources.reservations.memory`.', {
      movedTo: 'deploy.resources.reservations.memory',
    }),
  }),
  /** Readiness to swap, 0 to 100. */
  mem_swappiness: withFacts(numberOrString, { format: format.percent }),
  /** Memory and swap together; -1 is no limit. */
  memswap_limit: swap,
  /** Disable OOM Killer for the container. */
  oom_kill_disable: flag,
  /** Likelihood to be killed when memory ends, -1000 to 1000. */
  oom_score_adj: withFacts(numberOrString, { format: format.oomScore, swarm: 'kept' }),
  /** PID namespace: `host`, `service:<name>`, … */
  pid: withFacts(string, {
    format: engine.pid,
    swarm: ignored('Each task has a PID namespace of its own.', meaningful),
  }),
  /** Processes and threads at most; -1 is no limit. */
  pids_limit: withFacts(integerOrString, {
    format: format.processes,
    swarm: refused('Write it as `deploy.resources.limits.pids`.', {
      movedTo: 'deploy.resources.limits.pids',
    }),
  }),
  /** Time after which to refresh the image. Used with pull_policy=refresh. */
  pull_refresh_after: since('2.34.0', string),
  /** OCI runtime. Default: runc. */
  runtime: withFacts(string, { swarm: refused(undefined, meaningful) }),
  /** Containers of this service. Default: 1. Must agree with `deploy.replicas`. */
  scale: withFacts(count, {
    swarm: refused('Write it as `deploy.replicas`.', { movedTo: 'deploy.replicas' }),
  }),
  /** Size of /dev/shm, bytes or with a unit. Default: 64M. */
  shm_size: withFacts(size, { swarm: ignored('Mount a tmpfs at /dev/shm.', meaningful) }),
  /** Keep STDIN open even if not attached. */
  stdin_open: withFacts(flag, { swarm: 'kept' }),
  /** Storage driver options for the container. */
  storage_opt: map(integerOrString),
  /** Kernel parameters of its namespaces. */
  sysctls: withFacts(pairs, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Allocate a pseudo-TTY to service container. */
  tty: withFacts(flag, { swarm: 'kept' }),
  /** Override the default ulimits for a container. */
  ulimits: withFacts(ulimits, { swarm: 'kept' }),
  /** Whether it gets the engine's socket and credentials. Default: `false`. */
  use_api_socket: withFacts(since('2.37.2', boolean), { swarm: refused(undefined, meaningful) }),
  /** User namespace to use. 'host' shares the host's user namespace. */
  userns_mode: withFacts(string, {
    format: engine.hostMode,
    swarm: ignored('Remap users in the daemon.json of every node.', meaningful),
  }),
  /** UTS namespace to use. 'host' shares the host's UTS namespace. */
  uts: withFacts(string, { format: engine.hostMode, swarm: refused(undefined, meaningful) }),
  /** All mounts of other services or containers: `db`, `db:ro`, `container:name`. */
  volumes_from: withFacts(distinct, {
    swarm: refused('Mount the same volume in both services.', meaningful),
  }),
})
