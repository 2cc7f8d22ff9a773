import type { Grant, Service } from '../../document.ts'
import type { Mounted } from './mounts.ts'
import { isKnown } from './resolve.ts'

export type Section = 'networks' | 'volumes' | 'secrets' | 'configs'
export const sections: readonly Section[] = ['networks', 'volumes', 'secrets', 'configs']

/** A top-level definition that a service uses. */
export interface Reference {
  readonly section: Section
  readonly key: string
  /** Its index or key in that section of the service. */
  readonly at: string | number
}

/** Everything at the top level that a service names. */
export function readReferences(service: Service, mounts: readonly Mounted[]): readonly Reference[] {
  const found: Reference[] = []
  addGrants('secrets', service.secrets, found)
  addGrants('configs', service.configs, found)
  for (const { index, type, source } of mounts) {
    if (type === 'volume' && source !== '') add('volumes', source, index, found)
  }
  const { networks } = service
  if (networks === undefined) return found
  const inList = isList(networks)
  for (const [index, key] of (inList ? networks : Object.keys(networks ?? {})).entries()) {
    // The default network needs no definition.
    if (key !== 'default') add('networks', key, inList ? index : key, found)
  }
  return found
}

function addGrants(section: Section, grants: Service['secrets'], to: Reference[]): void {
  grants?.forEach((grant, index) => {
    add(section, nameOf(grant), index, to)
  })
}

function add(section: Section, key: string, at: Reference['at'], to: Reference[]): void {
  if (isKnown(key)) to.push({ section, key, at })
}

function nameOf(grant: string | Grant): string {
  return typeof grant === 'string' ? grant : (grant.source ?? '')
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}
