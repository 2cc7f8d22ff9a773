import { memoize } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place, servicesWith } from './each-service.ts'
import type { Entry } from './environment.ts'

/** A variable of a service. */
export interface Variable {
  readonly place: Place
  readonly entry: Entry
}

/** A security option of a service. */
export interface SecurityOption {
  readonly place: Place
  readonly index: number
}

/** By name, every variable that a service gets: there are far fewer names than variables. */
export const variables = memoize((file: ComposeFile): ReadonlyMap<string, Variable[]> => {
  const found = new Map<string, Variable[]>()
  for (const place of servicesWith(file, 'environment')) {
    for (const entry of place.environment) add(found, entry.name, { place, entry })
  }
  return found
})

/** By its text, every security option of a service. */
export const securityOptions = memoize(
  (file: ComposeFile): ReadonlyMap<string, SecurityOption[]> => {
    const found = new Map<string, SecurityOption[]>()
    for (const place of eachService(file)) {
      place.service.security_opt?.forEach((option, index) => {
        add(found, option, { place, index })
      })
    }
    return found
  },
)

function add<Item>(to: Map<string, Item[]>, key: string, item: Item): void {
  const items = to.get(key)
  if (items) items.push(item)
  else to.set(key, [item])
}
