import type { ObjectSchema } from '@erlmcp/core'
import { mountText } from '../values/text-formats.ts'
import { asDuration, builtImage, created, namespaceOf, valuesOf } from './author.ts'
import { build } from './build.ts'
import {
  defineForSwarm,
  integerOrString,
  list,
  map,
  nil,
  since,
  string,
  union,
  withFacts,
} from './define.ts'
import { deploy } from './deploy.ts'
import { hook, preStart } from './develop.ts'
import * as engine from './engine-formats.ts'
import { essential, type Facts, ignored, rejected } from './facts.ts'
import * as format from './formats.ts'
import { keyName } from './key-formats.ts'
import { mount } from './mount.ts'
import { attachment, port } from './network.ts'
import { grants } from './resource.ts'
import { command, distinct, environment, flag, merged, pairs } from './scalar.ts'
import { isolation } from './service-isolation.ts'
import { resourceLimits } from './service-limits.ts'
import { nameResolution } from './service-names.ts'
import { operation } from './service-operation.ts'
import {
  dependency,
  envFile,
  extension,
  healthcheck,
  logging,
  modelUse,
  provider,
} from './service-parts.ts'

const capability = withFacts(string, {
  format: engine.capability,
  author: { type: 'Capability | Interpolation' },
})
const capabilities = withFacts(list(capability), { unique: 'swarm' })
const inMemory = withFacts(string, { format: engine.tmpfs })

/** The other keys, by topic; they are printed last. */
function inAlphabeticalOrder(...topics: readonly ObjectSchema<Facts>[]) {
  const keys = topics.flatMap((topic) => Object.entries(topic.keys))
  return Object.fromEntries(keys.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * One service (Compose spec, "Services top-level element"), under the keys of the specification. Keys
 * that accept a string accept any string, since it may contain `${…}`.
 */
export const service = defineForSwarm('Service', {
  /** A service to begin from. @here A service value, or one of another file by its name. */
  extends: withFacts(union(string, extension), {
    author: {
      schema: {
        ...union(created('service'), { ...extension, required: ['file', 'service'] }),
        hint: "Write extends: base, or extends: { file: 'base.yml', service: 'base' }.",
      },
    },
    swarm: rejected('Use override(base, { … }), which needs no key.'),
  }),
  /** What runs it, where that is not a container. */
  provider: withFacts(since('2.35.0', provider), {
    swarm: rejected('Make what it provides before the stack is deployed.', essential),
  }),
  /** Image to run, and the name of the one that `build` makes. */
  image: withFacts(string, {
    format: format.image,
    swarm: 'kept',
    author: { type: 'ImageWithFixedTagOrDigest' },
  }),
  /** How its image is built; a text is the context. */
  build: withFacts(union(string, build), {
    author: {
      schema: {
        ...union(withFacts(string, { author: { type: 'HostPath' } }), build, builtImage),
        hint: "Write build: image.runtime, or build: { context: '.' }.",
      },
    },
    swarm: ignored('Push its image to a registry that every node reaches.'),
    merge: 'build',
  }),
  /** `os[/arch[/variant]]`. */
  platform: withFacts(string, { swarm: rejected() }),
  /** `always`, `never`, `missing` (default), `build`, `daily`, `weekly`, `every_12h`. */
  pull_policy: withFacts(string, {
    swarm: rejected(),
    format: format.pullPolicy,
    author: { type: 'PullPolicy' },
  }),
  /** Groups of services that are started by name. Default: always started. */
  profiles: withFacts(merged, {
    swarm: rejected(
      'Every service of a stack file is deployed: make one file for each set.',
      essential,
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
  depends_on: withFacts(union(distinct, map(dependency, keyName)), {
    swarm: 'converted',
    merge: 'dependencies',
    ...valuesOf(
      "depends_on: [healthy(db)]; a service of an included file is serviceNamed('db')",
      'service',
      'dependency',
    ),
  }),
  /** Init containers that end before the container starts. */
  pre_start: withFacts(since('5.3.0', list(preStart)), {
    swarm: rejected(
      'Do it in the entrypoint, or in a service of mode `replicated-job`.',
      essential,
    ),
  }),
  /** Commands after the container started. */
  post_start: withFacts(since('2.30.0', list(hook)), {
    swarm: rejected('Do it in the entrypoint.', essential),
  }),
  /** Commands before the container stops. */
  pre_stop: withFacts(since('2.30.0', list(hook)), {
    swarm: rejected('Do it when the stop signal arrives.', essential),
  }),
  /** Variables of the container. Never for secrets: `docker inspect` shows them. */
  environment: withFacts(environment, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Files with variables for the container. */
  env_file: withFacts(union(string, list(union(string, envFile))), {
    swarm: 'kept',
    merge: 'texts',
    identity: 'path',
  }),
  /** Secrets that it may read. */
  secrets: withFacts(grants, {
    swarm: 'kept',
    identity: 'secret',
    ...valuesOf("secrets: [secret('password')]", 'secret', 'secret grant'),
  }),
  /** Configs that it may read. */
  configs: withFacts(grants, {
    swarm: 'kept',
    identity: 'config',
    ...valuesOf("configs: [config('motd', { content: 'Hello' })]", 'config', 'config grant'),
  }),
  /** Volumes and files of the host. */
  volumes: withFacts(list(union(withFacts(string, { format: engine.mountText }), mount)), {
    author: {
      schema: list({
        ...union(
          created('mount', 'interpolation'),
          mount,
          withFacts(string, { author: { format: mountText } }),
        ),
        expected: 'a mount',
        hint: mountText.hint,
      }),
      type: 'List<MountValue | MountSpec | MountText | Interpolation>',
    },
    swarm: 'kept',
    identity: 'target',
  }),
  /** Folders in memory: `/tmp`, `/tmp:size=64m,mode=1777`. @here Default: what the image writes to, else `/tmp`. */
  tmpfs: withFacts(union(inMemory, withFacts(list(inMemory), { unique: 'swarm' })), {
    swarm: ignored('Write it under `volumes`, with `type: tmpfs`.', { movedTo: 'volumes' }),
    merge: 'texts',
    identity: 'name',
  }),
  /** AI models that it uses. */
  models: withFacts(since('2.38.0', union(distinct, map(union(modelUse, nil), keyName))), {
    swarm: rejected(),
    merge: 'names',
    ...valuesOf("models: [model('llm', { model: 'ai/smollm2' })]", 'model', 'model attachment'),
  }),
  /** Networks that it joins. Default: the project's `default`. */
  networks: withFacts(union(distinct, map(union(attachment, nil), keyName)), {
    swarm: 'kept',
    merge: 'names',
    ...valuesOf("networks: [network('backend')]", 'network', 'network attachment'),
  }),
  /** `none`, `host`, `service:<name>`, `container:<name>`. Excludes `networks`. */
  network_mode: withFacts(string, {
    ...namespaceOf("'none' | 'host' | 'bridge'"),
    swarm: ignored('Use `networks`; for the host network, the external network `host`.', essential),
  }),
  /** Ports for the outside. @here Published on 127.0.0.1, unless the port has an address. */
  ports: withFacts(list(union(withFacts(integerOrString, { format: format.portText }), port)), {
    author: { type: 'List<PortText | PortSpec | Interpolation>' },
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
  healthcheck: withFacts(healthcheck, { swarm: 'kept' }),
  /** `no` (default), `always`, `on-failure[:n]`, `unless-stopped`. @here Default: `unless-stopped`; `no` where another service waits for it to complete. */
  restart: withFacts(string, {
    format: format.restart,
    author: { type: 'Restart' },
    swarm: ignored('Write it as `deploy.restart_policy`.', { movedTo: 'deploy.restart_policy' }),
  }),
  /** Whether a small init is process 1, which reaps and forwards signals. @here Default: `true`, unless the image has its own. */
  init: withFacts(flag, { swarm: 'kept' }),
  /** Default: the image's, or SIGTERM. */
  stop_signal: withFacts(string, {
    format: engine.signal,
    swarm: 'kept',
    author: { type: 'Signal' },
  }),
  /** Duration between the stop signal and SIGKILL. Default: `10s`. @here Default: `30s`. */
  stop_grace_period: withFacts(string, {
    format: format.grace,
    swarm: 'kept',
    ...asDuration,
  }),
  /** Whether the root file system is read-only. Default: `false`. @here Default: `true`, unless the image writes to it. */
  read_only: withFacts(flag, { swarm: 'kept' }),
  /** Capabilities to drop; `ALL` is all. @here Default: `['ALL']`. */
  cap_drop: withFacts(capabilities, { swarm: 'kept', identity: 'name' }),
  /** Capabilities to add (capabilities(7), without `CAP_`). */
  cap_add: withFacts(capabilities, { swarm: 'kept', identity: 'name' }),
  /** Labelling, seccomp, AppArmor: `no-new-privileges=true`. @here Default: `['no-new-privileges=true']`. */
  security_opt: withFacts(list(withFacts(string, { format: engine.securityOption })), {
    unique: 'always',
    swarm: ignored('Set `"no-new-privileges": true` in the daemon.json of every node.', essential),
  }),
  /** All rights of the host's root. Default: `false`. */
  privileged: withFacts(flag, {
    swarm: ignored(
      'A swarm runs no privileged container: add the capability that is needed.',
      essential,
    ),
  }),
  /** How an orchestrator runs it. Limits are honoured without one too. */
  deploy: withFacts(union(nil, deploy), { swarm: 'kept' }),
  /** Where its output goes. @here Default: `json-file`, three files of 10 MB. */
  logging: withFacts(logging, { swarm: 'kept', merge: 'logging' }),
  /** Labels of the containers. */
  labels: withFacts(pairs, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  ...inAlphabeticalOrder(resourceLimits, isolation, nameResolution, operation),
})
