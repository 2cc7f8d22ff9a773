import type { Path } from '@erlmcp/core'
import type { Dependency } from '../../document.ts'
import type { Place } from './each-service.ts'

/** A service that another one waits for. */
export interface Wait {
  readonly on: string
  readonly condition: Dependency['condition']
  readonly required: boolean
  readonly path: Path
}

/** What a service waits for, both forms of `depends_on`. */
export function waits({ service, path }: Place): Wait[] {
  const from = service.depends_on
  if (!from) return []
  if (isList(from)) {
    return from.map((on, index) => ({
      on,
      condition: 'service_started',
      required: true,
      path: [...path, 'depends_on', index],
    }))
  }
  return Object.entries(from).map(([on, { condition, required = true }]) => ({
    on,
    condition,
    required,
    path: [...path, 'depends_on', on],
  }))
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}
