import type { Path, Rule } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { eachService, type Place, servicesWith } from '../../model/each-service.ts'

export const profileLeavesOutService: Rule<ComposeFile> = {
  id: 'compose/profile-leaves-out-service',
  kind: 'invalid',
  summary: 'Dependency on a service outside the profile',
  why: 'Compose rejects the project when the service is enabled without the other one.',
  hint: 'Give both the same `profiles`, or write `required: false` for the dependency.',
  references: ['Compose spec, profiles'],
  appliesTo: ['profiles'],
  bad: {
    services: {
      app: { image: 'app:1', depends_on: ['db'] },
      db: { image: 'postgres:17', profiles: ['dev'] },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', depends_on: ['db'], profiles: ['dev'] },
      db: { image: 'postgres:17', profiles: ['dev'] },
    },
  },
  *check({ data }) {
    if (servicesWith(data, 'profiles').length === 0) return
    for (const place of eachService(data)) {
      for (const { on, at } of needs(place)) {
        const without = enabledWithout(place.service, data.services?.[on])
        if (without === undefined) continue
        yield {
          path: [...place.path, ...at],
          message: `${place.name} needs ${on}, which ${without} does not start`,
        }
      }
    }
  },
}

/** How a service is enabled without another one; undefined when it never is. */
function enabledWithout(service: Service, other: Service | undefined): string | undefined {
  const profiles = other?.profiles ?? []
  if (profiles.length === 0) return undefined
  const own = service.profiles ?? []
  if (own.length === 0) return '`docker compose up` without a profile'
  const missing = own.find((profile) => !profiles.includes(profile))
  return missing === undefined ? undefined : `the profile ${missing}`
}

interface Need {
  readonly on: string
  readonly at: Path
}

/** The services without which Compose does not take a service. */
function needs({ service, waits }: Place): Need[] {
  const found: Need[] = []
  const { depends_on: dependencies = {} } = service
  for (const { on, at } of waits) {
    const dependency = Array.isArray(dependencies)
      ? undefined
      : (dependencies as Record<string, { required?: boolean }>)[on]
    if (dependency?.required !== false) found.push({ on, at: ['depends_on', at] })
  }
  for (const key of ['network_mode', 'pid', 'ipc'] as const) {
    const on = /^service:(.+)$/.exec(service[key] ?? '')?.[1]
    if (on !== undefined) found.push({ on, at: [key] })
  }
  for (const key of ['links', 'volumes_from'] as const) {
    for (const [index, text] of (service[key] ?? []).entries()) {
      if (!text.startsWith('container:')) found.push({ on: text.split(':')[0]!, at: [key, index] })
    }
  }
  return found
}
