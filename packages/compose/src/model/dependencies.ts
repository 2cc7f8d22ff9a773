import type { Dependency, Service } from '../document.ts'

/** A dependency of a service. */
export interface Wait {
  readonly on: string
  readonly condition: Dependency['condition']
  /** Its index or key in `depends_on`. */
  readonly at: string | number
}

const none: readonly Wait[] = []

/** The dependencies of a service, from either form of `depends_on`. */
export function readWaits({ depends_on: from }: Service): readonly Wait[] {
  if (!from) return none
  if (isList(from)) {
    return from.map((on, index) => ({
      on,
      condition: 'service_started',
      at: index,
    }))
  }
  return Object.entries(from).map(([on, { condition }]) => ({
    on,
    condition,
    at: on,
  }))
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}
