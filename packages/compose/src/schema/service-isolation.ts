import { created, namespaceOf } from './author.ts'
import {
  boolean,
  define,
  defineForSwarm,
  integerOrString,
  list,
  oneOf,
  since,
  string,
  union,
  withFacts,
} from './define.ts'
import { gpus } from './deploy.ts'
import * as engine from './engine-formats.ts'
import { essential, ignored, rejected } from './facts.ts'
import * as format from './formats.ts'
import { distinct, pairs } from './scalar.ts'

const credentialSpec = define('CredentialSpec', {
  /** The name of the credential spec Config to use. */
  config: withFacts(string, { author: { schema: created('config') } }),
  /** Path to a credential spec file. */
  file: string,
  /** Path to a credential spec in the Windows registry. */
  registry: string,
})

const device = define(
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

// What a service shares with the host and with other containers: namespaces, devices, groups, kernel.
export const isolation = defineForSwarm('Service', {
  /** Cgroup namespace. */
  cgroup: withFacts(oneOf('host', 'private'), { swarm: rejected(undefined, essential) }),
  /** Specify an optional parent cgroup for the container. */
  cgroup_parent: withFacts(string, {
    swarm: ignored('A swarm has no cgroup parents.', essential),
  }),
  /** Credentials of a managed service account. Windows only. */
  credential_spec: withFacts(credentialSpec, { swarm: 'kept' }),
  /** Rules of the device cgroup: `c 1:3 mr`. */
  device_cgroup_rules: withFacts(distinct, { swarm: rejected(undefined, essential) }),
  /** Devices of the host: `/dev/ttyUSB0:/dev/ttyUSB0:rwm`, or the long form. */
  devices: withFacts(list(union(withFacts(string, { format: format.deviceText }), device)), {
    swarm: ignored(
      'A swarm passes no devices: bind-mount the device node, or run it with compose.',
      essential,
    ),
    identity: 'device',
  }),
  /** Define GPU devices to use. Can be set to 'all' to use all GPUs, or a list of specific GPU devices. */
  gpus: withFacts(since('2.30.0', union(oneOf('all'), gpus)), {
    swarm: rejected(undefined, essential),
  }),
  /** More groups of the process. */
  group_add: withFacts(list(integerOrString), {
    unique: 'always',
    swarm: rejected(undefined, essential),
  }),
  /** IPC namespace: `shareable`, `service:<name>`, `host`, … */
  ipc: withFacts(string, {
    ...namespaceOf("'shareable' | 'private' | 'host' | 'none'"),
    format: engine.ipc,
    swarm: ignored('Each task has an IPC namespace of its own.', essential),
  }),
  /** Container isolation technology to use. Supported values are platform-specific. */
  isolation: withFacts(string, { swarm: 'kept' }),
  /** PID namespace: `host`, `service:<name>`, … */
  pid: withFacts(string, {
    ...namespaceOf("'host'"),
    format: engine.pid,
    swarm: ignored('Each task has a PID namespace of its own.', essential),
  }),
  /** OCI runtime. Default: runc. */
  runtime: withFacts(string, { swarm: rejected(undefined, essential) }),
  /** Kernel parameters of its namespaces. */
  sysctls: withFacts(pairs, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Whether it gets the engine's socket and credentials. Default: `false`. */
  use_api_socket: withFacts(since('2.37.2', boolean), { swarm: rejected(undefined, essential) }),
  /** User namespace to use. 'host' shares the host's user namespace. */
  userns_mode: withFacts(string, {
    format: engine.hostMode,
    swarm: ignored('Remap users in the daemon.json of every node.', essential),
  }),
  /** UTS namespace to use. 'host' shares the host's UTS namespace. */
  uts: withFacts(string, { format: engine.hostMode, swarm: rejected(undefined, essential) }),
  /** All mounts of other services or containers: `db`, `db:ro`, `container:name`. */
  volumes_from: withFacts(distinct, {
    author: {
      schema: {
        ...list({ ...union(created('service'), serviceMounts, string), hint: fromHint }),
        hint: fromHint,
      },
    },
    swarm: rejected('Mount the same volume in both services.', essential),
  }),
})
