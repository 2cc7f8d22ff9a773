import type { ServiceValue } from '@erlmcp/compose'
import { type Origin, UserError } from '@erlmcp/core'
import { distributionPort } from './node-service.ts'

export function validateNames(name: string, release: string, domain: string, origin: Origin): void {
  const refuse = (message: string, hint: string) => {
    throw new UserError({ message, hint, origin })
  }
  // Parts of host names, which have no underscore (RFC 1123); certificates name them.
  if (!/^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/.test(name)) {
    refuse(
      `${JSON.stringify(name)} is not a cluster name`,
      'Use up to 42 lower-case letters, digits and dashes.',
    )
  }
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(release)) {
    refuse(
      `${JSON.stringify(release)} is not a release name`,
      "Set the release of the image: cluster(name, { release: 'erlmcp' }).",
    )
  }
  if (
    !/^(?=.{1,150}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/.test(
      domain,
    )
  ) {
    refuse(`${JSON.stringify(domain)} is not a domain`, 'Write it like erlmcp.internal.')
  }
}

export function validateSize(size: number, message: 'nodes' | 'replicas', origin: Origin): void {
  if (Number.isInteger(size) && size >= 2 && size <= 99) return
  throw new UserError({
    message: `${size} ${message}: expected an integer from 2 to 99`,
    hint: 'A cluster has at least 2.',
    origin,
  })
}

/** Keys that only one container of a service can have. */
const shared = {
  nodes: {
    keys: ['ports', 'container_name', 'network_mode', 'scale'],
    and: ', and set them per node with `each`',
  },
  replicas: { keys: ['container_name', 'network_mode', 'scale'], and: '' },
  versions: {
    keys: ['ports', 'container_name', 'network_mode', 'scale'],
    and: ', and publish ports by the proxy',
  },
} as const

/** Rejects keys for which the containers would compete. */
export function validateNotShared(
  whose: string,
  { spec }: ServiceValue,
  who: keyof typeof shared,
  origin: Origin,
): void {
  const { keys, and } = shared[who]
  const taken = keys.find((key) => {
    const value = spec[key]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  })
  if (taken === undefined) return
  throw new UserError({
    message: `the service of ${whose} has ${taken}, which its ${who} cannot share`,
    hint: `Give override(service, { ${taken}: undefined })${and}.`,
    origin,
  })
}

/** Rejects a service that publishes the distribution. */
export function validatePorts({ name, spec }: ServiceValue, origin: Origin): void {
  for (const port of [spec.ports ?? []].flat()) {
    const target = typeof port === 'object' && 'target' in port ? port.target : port
    const inside = String(target)
      .replace(/\/\w+$/, '')
      .split(':')
      .at(-1)
    if (inside !== String(distributionPort)) continue
    throw new UserError({
      message: `${name} publishes ${distributionPort}, the port of Erlang's distribution`,
      hint: 'Remove it: nodes connect in the network of the cluster.',
      origin,
    })
  }
}
