import type { Grant, Service } from '../document.ts'
import type { Mounted } from './mounts.ts'
import { isKnown } from './resolve.ts'

export type Section = 'networks' | 'volumes' | 'secrets' | 'configs' | 'models'
export const sections = ['networks', 'volumes', 'secrets', 'configs'] as const

/** A top-level definition that a service uses. */
export interface Reference {
  readonly section: Section
  readonly key: string
  /** Its index or key in that section of the service. */
  readonly at: string | number
  /** The key of the service that contains the section, if any. */
  readonly within?: 'build' | 'credential_spec'
}

/** The top-level definitions that a service uses. */
export function readReferences(service: Service, mounts: readonly Mounted[]): readonly Reference[] {
  const found: Reference[] = []
  addGrants('secrets', service.secrets, found)
  addGrants('configs', service.configs, found)
  for (const { index, type, source } of mounts) {
    if (type === 'volume' && source !== '') add('volumes', source, index, found)
  }
  addNames('networks', service.networks, found)
  addNames('models', service.models, found)
  const { build, credential_spec: credentials } = service
  if (credentials?.config !== undefined) {
    found.push({
      section: 'configs',
      key: credentials.config,
      at: 'config',
      within: 'credential_spec',
    })
  }
  if (typeof build === 'object' && build.secrets) {
    const secrets: Reference[] = []
    addGrants('secrets', build.secrets, secrets)
    found.push(...secrets.map((one) => ({ ...one, within: 'build' as const })))
  }
  return found
}

function addNames(section: Section, names: Service['networks'], to: Reference[]): void {
  if (!names) return
  const inList = isList(names)
  for (const [index, key] of (inList ? names : Object.keys(names)).entries()) {
    // The default network needs no definition.
    if (section !== 'networks' || key !== 'default') add(section, key, inList ? index : key, to)
  }
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
