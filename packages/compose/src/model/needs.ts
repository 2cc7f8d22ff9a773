import type { Path } from '@erlmcp/core'
import type { Place } from './each-service.ts'
import { resolve } from './resolve.ts'

/** A service that needs another one. */
export interface Need {
  readonly on: string
  /** The path of the key, below the service. */
  readonly at: Path
  /** The verb of the message: `app <does> db`. */
  readonly does: string
  /** Whether Compose starts the other one first. */
  readonly first: boolean
}

const namespaces = ['network_mode', 'pid', 'ipc', 'uts', 'cgroup'] as const

/** Every service that a service needs, by any key (compose-go, normalize.go). */
export function readNeeds({ service, waits }: Place): readonly Need[] {
  const needs: Need[] = waits.map(({ on, at }) => ({
    on,
    at: ['depends_on', at],
    does: 'depends on',
    first: true,
  }))
  service.links?.forEach((link, index) => {
    // Text with more than one colon is one name.
    const parts = resolve(link).split(':')
    const on = parts.length === 2 ? parts[0]! : parts.join(':')
    needs.push({ on, at: ['links', index], does: 'links to', first: true })
  })
  service.volumes_from?.forEach((from, index) => {
    const text = resolve(from)
    if (text.startsWith('container:')) return
    const on = text.split(':')[0]!
    needs.push({ on, at: ['volumes_from', index], does: 'takes volumes from', first: true })
  })
  for (const key of namespaces) {
    const on = /^service:(.*)$/.exec(resolve(service[key]))?.[1]
    if (on !== undefined) needs.push({ on, at: [key], does: 'shares with', first: true })
  }
  const { extends: base } = service
  if (typeof base === 'string' || (base && base.file === undefined)) {
    const on = resolve(typeof base === 'string' ? base : base.service)
    needs.push({ on, at: ['extends'], does: 'extends', first: false })
  }
  return needs
}
