import { isObject, isTagged, ORIGIN, type Originated, TAG, type Tagged } from '@erlmcp/core'

/** Removes a key of the base. */
export interface Reset extends Tagged<null> {
  readonly [TAG]: '!reset'
}

/** Replaces a value of the base, instead of being merged with it. */
export interface Replacement<Value> extends Tagged<Value> {
  readonly [TAG]: '!override'
}

/**
 * In a patch: removes a key of the base, `!reset null`.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 * @example
 * patch(app, { ports: reset, environment: { DEBUG: reset } })
 */
export const reset: Reset = Object.freeze({ [TAG]: '!reset' as const, value: null })

/**
 * In a patch: replaces a value of the base, where Compose would merge the two, `!override`.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 * @example
 * patch(app, { ports: replace([publish(8081, 8080)]) })
 */
export function replace<Value>(value: Value): Replacement<Value> {
  return Object.freeze({ [TAG]: '!override' as const, value })
}

/** Whether a value is {@link reset}, also of another copy of this package. */
export function isReset(value: unknown): value is Reset {
  return isTagged(value) && value[TAG] === '!reset'
}

/** The same data without tags and without the keys that they reset. */
export function untagged(value: unknown): unknown {
  if (isTagged(value)) return isReset(value) ? undefined : value.value
  if (Array.isArray(value)) return value.some(hasTag) ? value.map(untagged) : value
  if (!isObject(value) || !hasTag(value)) return value
  const out: Record<string, unknown> = {}
  const { [ORIGIN]: origin } = value as Originated
  for (const key in value) {
    const field = untagged(value[key])
    if (field !== undefined) out[key] = field
  }
  return origin ? { ...out, [ORIGIN]: origin } : out
}

/** Whether a tag is anywhere within a value. */
export function hasTag(value: unknown): boolean {
  if (isTagged(value)) return true
  if (typeof value !== 'object' || value === null || 'kind' in value) return false
  for (const key in value) if (hasTag((value as Record<string, unknown>)[key])) return true
  return false
}
