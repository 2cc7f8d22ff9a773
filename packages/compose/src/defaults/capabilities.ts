import type { Hook, Service } from '../document.ts'
import type { ImageDefaults } from '../images/facts.ts'
import { stepDown } from '../images/facts.ts'
import { resolve } from '../model/resolve.ts'
import { isNonRoot, isRootUser } from '../model/security.ts'

const rootRights = [...stepDown, 'NET_BIND_SERVICE'] as const

/** Whether a service is privileged, so that no default may restrict it. */
export function isPrivileged({ privileged }: Service): boolean {
  return resolve(privileged) === 'true'
}

/** Whether a hook runs as root, in a container that may run as another user. */
export function hasRootHook({ post_start, pre_stop, pre_start, user }: Service): boolean {
  const hooks: readonly (Pick<Hook, 'user' | 'privileged'> | undefined)[] = [
    ...(post_start ?? []),
    ...(pre_stop ?? []),
    ...(pre_start ?? []),
  ]
  return hooks.some((hook) => {
    // A privileged hook has every capability.
    if (!hook || resolve(hook.privileged) === 'true') return false
    return isRootUser({ user: hook.user ?? user ?? '' })
  })
}

/**
 * The capabilities that a service keeps although the default drops all: those that its image needs,
 * those of root where the author set root, and those in `cap_add`.
 */
export function keptCapabilities(service: Service, facts: ImageDefaults | undefined): string[] {
  const kept = new Set<string>(service.cap_add ?? [])
  const add = (names: readonly string[] = []) => {
    for (const name of names) kept.add(name)
  }
  add(facts?.fileCapabilities)
  const startsAsRoot = facts && facts.user === undefined && !isNonRoot(service)
  if (startsAsRoot) add(facts.capabilities)
  if (isRootUser(service)) add(facts?.capabilities ?? rootRights)
  if (hasRootHook(service)) add(rootRights)
  return [...kept]
}
