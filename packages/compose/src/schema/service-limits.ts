import { asCount, asSize } from './author.ts'
import {
  define,
  defineForSwarm,
  integer,
  integerOrString,
  list,
  map,
  number,
  numberOrString,
  string,
  union,
  withFacts,
} from './define.ts'
import * as engine from './engine-formats.ts'
import { essential, ignored, rejected } from './facts.ts'
import * as format from './formats.ts'
import { count, flag, fraction, size, ulimits, wholeNumber } from './scalar.ts'

const blkioLimits = list(
  define('BlkioLimit', {
    /** Device, such as `/dev/sda`. */
    path: string,
    /** Bytes (with a unit) or operations a second. */
    rate: size,
  }),
)

const weight = withFacts(number, { format: format.count })

const blkio = define('BlkioConfig', {
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
})

const swap = withFacts(
  union(
    withFacts(integer, { format: format.swap }),
    withFacts(string, { format: format.swapText }),
  ),
  { name: 'NumberLike', ...asSize },
)

// How much of the host a service may use.
export const resourceLimits = defineForSwarm('Service', {
  /** Limits on block devices. */
  blkio_config: withFacts(blkio, { swarm: rejected() }),
  /** Usable CPUs. Windows only. */
  cpu_count: withFacts(count, { swarm: rejected() }),
  /** Share of the CPUs in per cent. Windows only. */
  cpu_percent: withFacts(numberOrString, { swarm: rejected(), format: format.percent }),
  /** Microseconds of a CFS period. */
  cpu_period: withFacts(integerOrString, { swarm: rejected(), format: engine.period }),
  /** Microseconds of CPU within a period. */
  cpu_quota: withFacts(integerOrString, { swarm: rejected(), format: engine.quota }),
  /** Limit the CPU real-time period in microseconds or a duration. */
  cpu_rt_period: withFacts(wholeNumber, { swarm: rejected() }),
  /** Limit the CPU real-time runtime in microseconds or a duration. */
  cpu_rt_runtime: withFacts(wholeNumber, { swarm: rejected() }),
  /** Weight against other containers. Default: 1024. */
  cpu_shares: withFacts(wholeNumber, { swarm: rejected() }),
  /** CPUs at most, may be broken: `0.5`. */
  cpus: withFacts(fraction, {
    swarm: rejected('Write it as `deploy.resources.limits.cpus`.', {
      movedTo: 'deploy.resources.limits.cpus',
    }),
  }),
  /** CPUs that may be used: `0-3`, `0,1`. */
  cpuset: withFacts(string, { swarm: rejected() }),
  /** Memory at most, bytes or with a unit. */
  mem_limit: withFacts(size, {
    swarm: rejected('Write it as `deploy.resources.limits.memory`.', {
      movedTo: 'deploy.resources.limits.memory',
    }),
  }),
  /** Memory it should be left, bytes or with a unit. */
  mem_reservation: withFacts(size, {
    swarm: rejected('Write it as `deploy.resources.reservations.memory`.', {
      movedTo: 'deploy.resources.reservations.memory',
    }),
  }),
  /** Readiness to swap, 0 to 100. */
  mem_swappiness: withFacts(numberOrString, { swarm: rejected(), format: format.percent }),
  /** Memory and swap together; -1 means unlimited. */
  memswap_limit: withFacts(swap, { swarm: rejected() }),
  /** Disable OOM Killer for the container. */
  oom_kill_disable: withFacts(flag, { swarm: rejected() }),
  /** Likelihood to be killed when memory ends, -1000 to 1000. */
  oom_score_adj: withFacts(numberOrString, { format: format.oomScore, swarm: 'kept' }),
  /** Processes and threads at most; -1 means unlimited. */
  pids_limit: withFacts(integerOrString, {
    format: format.processes,
    ...asCount,
    swarm: rejected('Write it as `deploy.resources.limits.pids`.', {
      movedTo: 'deploy.resources.limits.pids',
    }),
  }),
  /** Size of /dev/shm, bytes or with a unit. Default: 64M. */
  shm_size: withFacts(size, { swarm: ignored('Mount a tmpfs at /dev/shm.', essential) }),
  /** Storage driver options for the container. */
  storage_opt: withFacts(map(integerOrString), { swarm: rejected() }),
  /** Override the default ulimits for a container. */
  ulimits: withFacts(ulimits, { swarm: 'kept' }),
})
