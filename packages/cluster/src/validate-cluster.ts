import type { ServiceValue } from '@erlmcp/compose'
import { type Origin, UserError } from '@erlmcp/core'
import { distributionPort } from './node-service.ts'

export function checkNames(name: string, release: string, domain: string, origin: Origin): void {
  const refuse = (message: string, hint: string) => {
    throw new UserError({ message, hint, origin })
  }
  // Parts of host names, which have no underscore (RFC 1123); certificates name them.
  if (!/^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/.test(name)) {
    refuse(
      `${JSON.stringify(name)} cannot name a cluster`,
      'Use up to 42 lower-case letters, digits and dashes.',
    )
  }
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(release)) {
    refuse(
      `${JSON.stringify(release)} cannot name the release of a cluster`,
      "Say the release of the image: cluster(name, { release: 'erlmcp' }).",
    )
  }
  if (
    !/^(?=.{1,150}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/.test(
      domain,
    )
  ) {
    refuse(`${JSON.stringify(domain)} is no domain`, 'Write it like erlmcp.internal.')
  }
}

export function checkSize(size: number, message: 'nodes' | 'replicas', origin: Origin): void {
  if (Number.isInteger(size) && size >= 2 && size <= 99) return
  throw new UserError({
    message: `a cluster of ${size} ${message} cannot be made`,
    hint: 'Use a whole number from 2 to 99.',
    origin,
  })
}

/** Containers of one service, and what they cannot have in common. */
const shared = {
  nodes: {
    keys: ['ports', 'container_name', 'network_mode', 'scale'],
    and: ', and in `each` what one node has of its own',
  },
  replicas: { keys: ['container_name', 'network_mode', 'scale'], and: '' },
  versions: {
    keys: ['ports', 'container_name', 'network_mode', 'scale'],
    and: ', and ports to the proxy',
  },
} as const

/** Refuses that of which there is one: containers would take it from each other. */
export function checkShared(
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

/** The distribution is never published. */
export function checkPorts({ name, spec }: ServiceValue, origin: Origin): void {
  for (const port of [spec.ports ?? []].flat()) {
    const target = typeof port === 'object' && 'target' in port ? port.target : port
    const inside = String(target)
      .replace(/\/\w+$/, '')
      .split(':')
      .at(-1)
    if (inside !== String(distributionPort)) continue
    throw new UserError({
      message: `${name} publishes ${distributionPort}, the port of Erlang's distribution`,
      hint: 'Leave it out: nodes meet in the network of the cluster.',
      origin,
    })
  }
}
