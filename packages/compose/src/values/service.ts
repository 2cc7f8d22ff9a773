import { type BuiltImage, ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type {
  Build,
  CredentialSpec,
  Dependency,
  Deploy,
  Extends,
  Healthcheck,
  Limits,
  Reservations,
  Resources,
  RestartPolicy,
  Service,
  UpdateConfig,
} from '../document.ts'
import type { ConfigGrant, ModelAttachment, NetworkAttachment, SecretGrant } from './attach.ts'
import type { Authored } from './authored.ts'
import type { ConfigValue } from './config.ts'
import { ELSEWHERE } from './elsewhere.ts'
import type { Interpolation } from './interpolation.ts'
import type {
  ByteSize,
  Capability,
  Count,
  Duration,
  ImageWithFixedTagOrDigest,
  List,
  PortText,
  PullPolicy,
  Restart,
  Signal,
} from './literal.ts'
import type { ModelValue } from './model.ts'
import type { HostPath, MountSpec, MountText, MountValue } from './mount.ts'
import { validateName } from './name.ts'
import type { NetworkValue } from './network.ts'
import type { PortSpec } from './publish.ts'
import type { SecretValue } from './secret.ts'
import { validateService } from './validate-service.ts'

type Text = string | Interpolation

/** The namespace of another container. */
type Namespace = `container:${string}` | ServiceValue | Interpolation

interface UpdateSpec extends Authored<Omit<UpdateConfig, 'delay' | 'monitor' | 'failure_action'>> {
  /** Duration between two groups. Default: `0s`. */
  readonly delay?: Duration
  /** Duration after each task in which a failure counts. Default: `5s` in swarm. */
  readonly monitor?: Duration
  /** Default: `pause`. `rollback` is for an update only. */
  readonly failure_action?: 'continue' | 'pause' | 'rollback' | Interpolation
}

interface LimitsSpec extends Authored<Omit<Limits, 'cpus' | 'memory' | 'pids'>> {
  /** CPUs, such as 0.5. Default here: 1. */
  readonly cpus?: Count
  /** Bytes with a unit. Default here: `'512M'`. */
  readonly memory?: ByteSize
  /** Processes and threads. Default here: 512. */
  readonly pids?: Count
}

interface ReservationsSpec extends Authored<Omit<Reservations, 'cpus' | 'memory'>> {
  readonly cpus?: Count
  readonly memory?: ByteSize
}

interface RestartPolicySpec
  extends Authored<Omit<RestartPolicy, 'condition' | 'delay' | 'window'>> {
  readonly condition?: 'none' | 'on-failure' | 'any' | Interpolation
  readonly delay?: Duration
  readonly window?: Duration
}

interface ResourcesSpec extends Authored<Omit<Resources, 'limits' | 'reservations'>> {
  readonly limits?: LimitsSpec
  readonly reservations?: ReservationsSpec
}

interface DeploySpec
  extends Authored<
    Omit<
      Deploy,
      | 'mode'
      | 'endpoint_mode'
      | 'resources'
      | 'restart_policy'
      | 'update_config'
      | 'rollback_config'
    >
  > {
  readonly mode?: 'replicated' | 'global' | 'replicated-job' | 'global-job' | Interpolation
  readonly endpoint_mode?: 'vip' | 'dnsrr' | Interpolation
  readonly resources?: ResourcesSpec
  readonly restart_policy?: RestartPolicySpec
  readonly update_config?: UpdateSpec
  readonly rollback_config?: UpdateSpec
}

interface HealthcheckSpec
  extends Authored<
    Omit<Healthcheck, 'test' | 'interval' | 'timeout' | 'start_period' | 'start_interval'>
  > {
  /** A shell command, or a list that begins with `CMD`, `CMD-SHELL` or `NONE`. */
  readonly test?: Text | readonly ['NONE' | 'CMD' | 'CMD-SHELL', ...Text[]]
  /** Duration between two checks. Default: `30s`. */
  readonly interval?: Duration
  /** Duration that a check may take. Default: `30s`. */
  readonly timeout?: Duration
  /** Duration at the start in which failures do not count. Default: `0s`. */
  readonly start_period?: Duration
  /** Duration between two checks in the start period. Default: `5s`. */
  readonly start_interval?: Duration
}

interface BuildSpec extends Authored<Omit<Build, 'secrets' | 'shm_size'>> {
  readonly secrets?: readonly (SecretValue | SecretGrant)[]
  readonly shm_size?: ByteSize
}

/** Keys with a narrower type than in the file, or with values as references. */
interface Overrides {
  readonly build?: HostPath | BuildSpec | BuiltImage
  readonly cap_add?: readonly (Capability | Interpolation)[]
  /** Default here: `['ALL']`. */
  readonly cap_drop?: readonly (Capability | Interpolation)[]
  readonly configs?: readonly (ConfigValue | ConfigGrant)[]
  readonly cpus?: Count
  readonly credential_spec?: Authored<Omit<CredentialSpec, 'config'>> & {
    readonly config?: ConfigValue
  }
  readonly depends_on?: readonly (ServiceValue | DependencyValue)[]
  readonly deploy?: DeploySpec
  /** A service of this file, or one of another file by its name. */
  readonly extends?: ServiceValue | (Authored<Extends> & { readonly file: Text })
  readonly healthcheck?: HealthcheckSpec
  readonly image?: ImageWithFixedTagOrDigest
  readonly ipc?: 'shareable' | 'private' | 'host' | 'none' | Namespace
  readonly links?: readonly (
    | ServiceValue
    | { readonly service: ServiceValue; readonly alias: string }
  )[]
  readonly mem_limit?: ByteSize
  readonly mem_reservation?: ByteSize
  readonly memswap_limit?: ByteSize
  readonly models?: readonly (ModelValue | ModelAttachment)[]
  readonly network_mode?: 'none' | 'host' | 'bridge' | Namespace
  readonly networks?: readonly (NetworkValue | NetworkAttachment)[]
  readonly pid?: 'host' | Namespace
  /** Published on 127.0.0.1, unless the port has an address. */
  readonly ports?: List<PortText | PortSpec | Interpolation>
  readonly pull_policy?: PullPolicy
  /** Default here: `unless-stopped`; `no` where another service waits for it to complete. */
  readonly restart?: Restart
  readonly secrets?: readonly (SecretValue | SecretGrant)[]
  readonly shm_size?: ByteSize
  /** Default here: `30s`. */
  readonly stop_grace_period?: Duration
  readonly stop_signal?: Signal
  readonly volumes?: List<MountValue | MountSpec | MountText | Interpolation>
  readonly volumes_from?: readonly (
    | ServiceValue
    | { readonly service: ServiceValue; readonly mode: 'ro' | 'rw' }
    | `container:${string}`
    | Interpolation
  )[]
}

/**
 * The keys of a service: those of the Compose specification, with references as values, and text such as
 * durations, sizes and ports with its own type.
 */
export interface ServiceSpec extends Authored<Omit<Service, keyof Overrides>>, Overrides {}

/** The same for a service with a `build`: its `image` needs no tag. */
export interface BuiltServiceSpec
  extends Authored<Omit<Service, keyof Overrides>>,
    Omit<Overrides, 'build' | 'image'> {
  readonly build: NonNullable<Overrides['build']>
  /** Name of the built image. Without a tag: `latest`. Default: `<project>-<service>`. */
  readonly image?: Text
}

/** A service as a value. It is its own reference: `depends_on: [healthy(db)]`. */
export interface ServiceValue {
  readonly kind: 'service'
  readonly name: string
  readonly spec: ServiceSpec
  /** Whether it runs once: created by `job`. */
  readonly job?: true
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A service. Its defaults are safe: read-only root with `/tmp` in memory, no capabilities, no new
 * privileges, an init, limits, log rotation, ports on loopback. Set a key to replace its default:
 * `read_only: false`, `cap_drop: []`.
 *
 * @throws UserError for an invalid name or spec
 * @see https://github.com/compose-spec/compose-spec/blob/main/05-services.md
 * @example
 * const web = service('web', { image: 'nginx:1.29', ports: [publish(8080, 80)] })
 */
export function service(name: string, spec: ServiceSpec): ServiceValue
export function service(name: string, spec: BuiltServiceSpec): ServiceValue
// Repeated, since the compiler reports the error of the last overload; the first one makes the usual call cheap.
export function service(name: string, spec: ServiceSpec): ServiceValue
export function service(name: string, spec: ServiceSpec | BuiltServiceSpec): ServiceValue {
  const origin = originOf(service)
  validateName('service', name, origin)
  validateService(name, spec, origin)
  return Object.freeze({
    kind: 'service',
    name,
    spec: Object.freeze({ ...spec }) as ServiceSpec,
    [ORIGIN]: origin,
  })
}

/**
 * Refers to a service of another file by name: of an included file, or of the base of an overlay.
 *
 * @throws UserError for an invalid name
 * @example
 * const db = serviceNamed('db')
 * const app = service('app', { image: 'app:1.0', depends_on: [healthy(db)] })
 * compose('compose.yaml', [app], { include: ['database.yaml'] })
 */
export function serviceNamed(name: string): ServiceValue {
  const origin = originOf(serviceNamed)
  validateName('service', name, origin)
  const value = { kind: 'service' as const, name, spec: {}, [ORIGIN]: origin, [ELSEWHERE]: true }
  return Object.freeze(value)
}

/** Keys to set, or to remove with `undefined`, and optionally another name. */
export type ServiceOverride = {
  readonly [Key in keyof ServiceSpec]: ServiceSpec[Key] | undefined
} & { readonly name?: string }

/**
 * A copy of a service with other keys; `undefined` removes one. The original does not change.
 *
 * @example
 * const debug = override(app, { command: ['sleep', 'infinity'], read_only: false })
 */
export function override(original: ServiceValue, spec: ServiceOverride): ServiceValue {
  const origin = originOf(override)
  const { name = original.name, ...changes } = spec
  validateName('service', name, origin)
  validateService(name, changes, origin)
  const merged = Object.fromEntries(
    Object.entries({ ...original.spec, ...changes }).filter(([, value]) => value !== undefined),
  )
  return Object.freeze({
    kind: 'service',
    name,
    spec: Object.freeze(merged),
    ...(original.job && { job: true }),
    [ORIGIN]: origin,
  })
}

/** A service that another one waits for. */
export interface DependencyValue {
  readonly kind: 'dependency'
  readonly service: ServiceValue
  readonly options: Dependency
  readonly [ORIGIN]?: Origin | undefined
}
