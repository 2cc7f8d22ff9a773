import type { Service } from '../../document.ts'
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
  for (const section of ['secrets', 'configs'] as const) {
    for (const [index, grant] of (service[section] ?? []).entries()) {
      const key = typeof grant === 'string' ? grant : (grant.source ?? '')
      found.push({ section, key, at: index })
    }
  }
  for (const { index, type, source } of mounts) {
    if (type !== 'volume' || source === '') continue
    found.push({ section: 'volumes', key: source, at: index })
  }
  const { networks } = service
  const names: readonly (readonly [string, string | number])[] = isList(networks)
    ? networks.map((name, index) => [name, index] as const)
    : Object.keys(networks ?? {}).map((name) => [name, name] as const)
  for (const [key, at] of names) {
    if (key === 'default') continue
    found.push({ section: 'networks', key, at })
  }
  return found.filter(({ key }) => isKnown(key))
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}
