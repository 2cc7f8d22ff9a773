import { type Keys, schema } from '@erlmcp/core'
import type {
  NetworkAttachment,
  NetworkValue,
  PortSpec,
  SecretValue,
  ServiceSpec,
} from '../schema/author.gen.ts'
import type { Interpolation } from '../values/interpolation.ts'
import type { Count } from '../values/literal.ts'
import { publish } from '../values/publish.ts'

/** Options of every ready-made service. */
export interface CommonOptions {
  /** Default: the project's `default` network. */
  readonly networks?: readonly (NetworkValue | NetworkAttachment)[]
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

const { any, anyList, anyObject, kind } = schema

/** The schema of the common options, without the password. */
export const openKeys: Keys<Omit<CommonOptions, 'password'>> = {
  networks: anyList,
  publish: any,
  extras: anyObject,
}

/** The same with the password. */
export const commonKeys: Keys<CommonOptions> = { ...openKeys, password: kind('secret') }

/**
 * Additional keys of a ready-made service. `environment`, `volumes`, `configs` and `secrets` are added
 * to its own; any other key replaces its own.
 */
export interface ServiceExtras
  extends Omit<ServiceSpec, 'image' | 'build' | 'networks' | 'ports' | 'environment'> {
  readonly environment?: { readonly [name: string]: string | number | boolean | Interpolation }
}

/** The spec of a ready-made service with the keys of the author. */
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
    ...(port !== undefined && { ports: [portOf(port, target)] }),
    ...((own.environment ?? environment) && {
      environment: { ...own.environment, ...environment },
    }),
    ...(volumes && { volumes: [...(own.volumes ?? []), ...volumes] }),
    ...(configs && { configs: [...(own.configs ?? []), ...configs] }),
    ...(secrets && { secrets: [...(own.secrets ?? []), ...secrets] }),
  }
}

/** The port of a number on loopback, or the one that was written. */
export function portOf(port: Count | PortSpec, target: number): PortSpec {
  const isWritten = typeof port === 'object' && port !== null && 'target' in port
  return isWritten ? port : publish(port, target)
}
