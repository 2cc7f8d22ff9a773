import { type Document, memoize, type RuleContext } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { type Applied, eachService, type Place, servicesWith } from './each-service.ts'
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

/** Every variable of the services by name: there are far fewer names than variables. */
export const variables = memoize((file: ComposeFile): ReadonlyMap<string, Variable[]> => {
  const found = new Map<string, Variable[]>()
  for (const place of servicesWith(file, 'environment')) {
    for (const entry of place.environment) add(found, entry.name, { place, entry })
  }
  return found
})

/** By its text, every security option of a service. */
const securityOptions = memoize((file: ComposeFile): ReadonlyMap<string, SecurityOption[]> => {
  const found = new Map<string, SecurityOption[]>()
  for (const place of eachService(file)) {
    place.service.security_opt?.forEach((option, index) => {
      add(found, option, { place, index })
    })
  }
  return found
})

/** For a rule that checks each variable of some names; `check` returns the message of a violation. */
export function onVariables(
  isJudged: (name: string) => boolean,
  check: (place: Place, entry: Entry) => string | undefined,
): Applied {
  return {
    appliesTo: ['environment'],
    *check({ data }) {
      for (const [name, uses] of variables(data)) {
        if (!isJudged(name)) continue
        for (const { place, entry } of uses) {
          const message = check(place, entry)
          const path = [...place.path, 'environment', entry.key]
          if (message !== undefined) yield { path, message }
        }
      }
    },
  }
}

/** For a rule that checks security options; `check` returns what follows the name of the service. */
export function onSecurityOptions(
  check: (
    option: string,
    document: Document<ComposeFile>,
    context: RuleContext,
  ) => string | undefined,
): Applied {
  return {
    appliesTo: ['security_opt'],
    *check(document, context) {
      for (const [option, uses] of securityOptions(document.data)) {
        const fault = check(option, document, context)
        if (fault === undefined) continue
        for (const { place, index } of uses) {
          yield { path: [...place.path, 'security_opt', index], message: `${place.name} ${fault}` }
        }
      }
    },
  }
}

function add<Item>(to: Map<string, Item[]>, key: string, item: Item): void {
  const items = to.get(key)
  if (items) items.push(item)
  else to.set(key, [item])
}
