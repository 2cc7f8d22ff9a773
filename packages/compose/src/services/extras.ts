import type { OptionKinds } from '@erlmcp/core'
import type { Interpolation } from '../interpolation.ts'
import type { Count } from '../literal.ts'
import type { NetworkValue } from '../network.ts'
import type { PortSpec } from '../publish.ts'
import { publish } from '../publish.ts'
import type { SecretValue } from '../secret.ts'
import type { ServiceSpec } from '../service.ts'
import type { NetworkUse } from '../use.ts'

/** What every ready-made service takes. */
export interface CommonOptions {
  /** Default: the project's `default` network. */
  readonly networks?: readonly (NetworkValue | NetworkUse)[]
  /**
   * A port of the host's loopback, or a `publish(…)` of your own. Default: none: other containers
   * reach the service through their network.
   */
  readonly publish?: Count | PortSpec
  /** What the password is. Default: a secret of its own, `<name>-password`. */
  readonly password?: SecretValue
  /** Other keys of the service. */
  readonly extras?: ServiceExtras
}

/** What the options that all ready-made services take may be. */
export const commonKinds: OptionKinds<CommonOptions> = {
  networks: 'a list',
  publish: 'anything',
  password: 'a secret',
  extras: 'an object',
}

/**
 * Keys of a service that a ready-made one leaves to its writer. `environment`, `volumes`,
 * `configs` and `secrets` come on top of its own; any other key takes the place of its own.
 */
export interface ServiceExtras
  extends Omit<ServiceSpec, 'image' | 'build' | 'networks' | 'ports' | 'environment'> {
  readonly environment?: { readonly [name: string]: string | number | boolean | Interpolation }
}

/** The spec of a ready-made service with what a person adds to it. */
export function withExtras(
  own: ServiceExtras,
  { networks, publish: port, extras = {} }: CommonOptions,
  target: number,
): Omit<ServiceSpec, 'image'> {
  const { environment, volumes, configs, secrets, ...replaced } = extras
  return {
    ...own,
    ...replaced,
    ...(networks && { networks }),
    ...(port !== undefined && { ports: [isPort(port) ? port : publish(port, target)] }),
    ...((own.environment ?? environment) && {
      environment: { ...own.environment, ...environment },
    }),
    ...(volumes && { volumes: [...(own.volumes ?? []), ...volumes] }),
    ...(configs && { configs: [...(own.configs ?? []), ...configs] }),
    ...(secrets && { secrets: [...(own.secrets ?? []), ...secrets] }),
  }
}

function isPort(port: Count | PortSpec): port is PortSpec {
  return typeof port === 'object' && port !== null && 'target' in port
}

/** Whether a reference names an Alpine image, whose users have other numbers than Debian's. */
export function isAlpine(image: string | Interpolation): boolean {
  return typeof image === 'string' && /:[^/]*alpine/.test(image)
}
