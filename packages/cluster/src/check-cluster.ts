import type { ServiceSpec, ServiceValue } from '@erlmcp/compose'
import { type Origin, UserError } from '@erlmcp/core'
import { distributionPort } from './as-node.ts'

export function checkNames(name: string, release: string, domain: string, origin: Origin): void {
  const refuse = (what: string, help: string) => {
    throw new UserError({ what, help, origin })
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

export function checkSize(size: number, what: 'nodes' | 'replicas', origin: Origin): void {
  if (Number.isInteger(size) && size >= 2 && size <= 99) return
  throw new UserError({
    what: `a cluster of ${size} ${what} cannot be made`,
    help: 'Use a whole number from 2 to 99.',
    origin,
  })
}

/** Of these there is one, so nodes would take it from each other. */
export function checkShared(
  name: string,
  { spec }: ServiceValue,
  keys: readonly (keyof ServiceSpec)[],
  origin: Origin,
): void {
  const taken = keys.find((key) => {
    const value = spec[key]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  })
  if (taken === undefined) return
  throw new UserError({
    what: `the service of the cluster ${name} has ${taken}, which its nodes cannot share`,
    help: `Give change(service, { ${taken}: undefined })${keys.includes('ports') ? ', and in `each` what one node has of its own' : ''}.`,
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
      what: `${name} publishes ${distributionPort}, the port of Erlang's distribution`,
      help: 'Leave it out: nodes meet in the network of the cluster.',
      origin,
    })
  }
}
