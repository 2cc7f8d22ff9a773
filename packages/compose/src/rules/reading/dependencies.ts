import type { Path } from '@erlmcp/core'
import type { Dependency, Service } from '../../document.ts'

/** A service that another one waits for. */
export interface Wait {
  readonly on: string
  readonly condition: Dependency['condition']
  readonly required: boolean
  readonly path: Path
}

const none: readonly Wait[] = []

/** What a service waits for, both forms of `depends_on`. */
export function readWaits({ depends_on: from }: Service, path: Path): readonly Wait[] {
  if (!from) return none
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
