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
  const add = (section: Section, key: string, at: Reference['at']) => {
    // The default network needs no definition.
    if (section === 'networks' && key === 'default') return
    if (isKnown(key)) found.push({ section, key, at })
  }
  const { secrets, configs, networks } = service
  secrets?.forEach((grant, index) => {
    add('secrets', nameOf(grant), index)
  })
  configs?.forEach((grant, index) => {
    add('configs', nameOf(grant), index)
  })
  for (const { index, type, source } of mounts) {
    if (type === 'volume' && source !== '') add('volumes', source, index)
  }
  if (isList(networks)) {
    networks.forEach((key, index) => {
      add('networks', key, index)
    })
  } else for (const key of Object.keys(networks ?? {})) add('networks', key, key)
  return found
}

function nameOf(grant: string | Grant): string {
  return typeof grant === 'string' ? grant : (grant.source ?? '')
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}
