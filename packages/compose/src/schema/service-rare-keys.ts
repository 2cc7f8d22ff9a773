import { asCount, asSize, created, namespaceOf } from './author.ts'
import {
  boolean,
  define,
  integer,
  integerOrString,
  list,
  map,
  nil,
  numberOrString,
  oneOf,
  since,
  string,
  union,
  withFacts,
} from './define.ts'
import { gpus } from './deploy.ts'
import { develop } from './develop.ts'
import * as engine from './engine-formats.ts'
import { ignored, meaningful, refused } from './facts.ts'
import * as format from './formats.ts'
import {
  count,
  distinct,
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

import { blkio, credentialSpec, device } from './service-parts.ts'

const swap = withFacts(
  union(
    withFacts(integer, { format: format.swap }),
    withFacts(string, { format: format.swapText }),
  ),
  { name: 'NumberLike', ...asSize },
)

const linkHint = "Write links: [db]; a service of an included file is serviceNamed('db')."
/** A link under another name. */
const link = define(
  'LinkSpec',
  {
    /** The service. */
    service: created('service'),
    /** The name that it is reached by. */
    alias: string,
  },
  ['service', 'alias'],
)
const fromHint = 'Write volumes_from: [db].'
/** The mounts of another service, with their mode. */
const serviceMounts = define(
  'ServiceMountsSpec',
  {
    /** The service whose mounts are added. */
    service: created('service'),
    /** Whether they are read-only. */
    mode: oneOf('ro', 'rw'),
  },
  ['service', 'mode'],
)

// Keys of a service that few files have: printed last, in alphabetical order.
export const rareKeys = define('Service', {
  /** Metadata that runtimes read (OCI annotations). */
  annotations: withFacts(since('2.18.0', pairs), { merge: 'texts', identity: 'name' }),
  /** Whether `up` shows its log. Default: `true`. */
  attach: since('2.20.0', flag),
  /** Limits on block devices. */
  blkio_config: blkio,
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
  credential_spec: withFacts(credentialSpec, { swarm: 'kept' }),
  /** What `docker compose watch` does. */
  develop: withFacts(since('2.22.0', union(nil, develop)), {
    swarm: refused('`docker compose watch` is for compose files.'),
  }),
  /** Rules of the device cgroup: `c 1:3 mr`. */
  device_cgroup_rules: withFacts(distinct, { swarm: refused(undefined, meaningful) }),
  /** Devices of the host: `/dev/ttyUSB0:/dev/ttyUSB0:rwm`, or the long form. */
  devices: withFacts(list(union(withFacts(string, { format: format.deviceText }), device)), {
    swarm: ignored(
      'A swarm passes no devices: bind-mount the device node, or run it with compose.',
      meaningful,
    ),
    identity: 'device',
  }),
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
    ...namespaceOf("'shareable' | 'private' | 'host' | 'none'"),
    format: engine.ipc,
    swarm: ignored('Each task has an IPC namespace of its own.', meaningful),
  }),
  /** Container isolation technology to use. Supported values are platform-specific. */
  isolation: withFacts(string, { swarm: 'kept' }),
  /** Files with labels. */
  label_file: withFacts(since('2.32.0', union(string, strings)), { merge: 'texts' }),
  /** Services under a name: `db`, `db:database`. Not needed on a shared network. */
  links: withFacts(merged, {
    author: {
      schema: {
        ...list({ ...union(created('service'), link), hint: linkHint }),
        hint: linkHint,
      },
    },
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
  /** Memory and swap together; -1 means unlimited. */
  memswap_limit: swap,
  /** Disable OOM Killer for the container. */
  oom_kill_disable: flag,
  /** Likelihood to be killed when memory ends, -1000 to 1000. */
  oom_score_adj: withFacts(numberOrString, { format: format.oomScore, swarm: 'kept' }),
  /** PID namespace: `host`, `service:<name>`, … */
  pid: withFacts(string, {
    ...namespaceOf("'host'"),
    format: engine.pid,
    swarm: ignored('Each task has a PID namespace of its own.', meaningful),
  }),
  /** Processes and threads at most; -1 means unlimited. */
  pids_limit: withFacts(integerOrString, {
    format: format.processes,
    ...asCount,
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
    author: {
      schema: {
        ...list({ ...union(created('service'), serviceMounts, string), hint: fromHint }),
        hint: fromHint,
      },
    },
    swarm: refused('Mount the same volume in both services.', meaningful),
  }),
})
