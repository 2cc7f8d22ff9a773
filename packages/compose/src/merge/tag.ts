import { isTagged, TAG, type Tagged } from '@erlmcp/core'

/** Takes a key of the base away. */
export interface Reset extends Tagged<null> {
  readonly [TAG]: '!reset'
}

/** Takes the place of what the base says, instead of being joined with it. */
export interface Replacement<Value> extends Tagged<Value> {
  readonly [TAG]: '!override'
}

/**
 * In a patch: the key is as if the base did not say it, `!reset null`.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 * @example
 * patch(app, { ports: reset, environment: { DEBUG: reset } })
 */
export const reset: Reset = Object.freeze({ [TAG]: '!reset' as const, value: null })

/**
 * In a patch: the value takes the place of the base's, where Compose would join the two, `!override`.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 * @example
 * patch(app, { ports: replace([publish(8081, 8080)]) })
 */
export function replace<Value>(value: Value): Replacement<Value> {
  return Object.freeze({ [TAG]: '!override' as const, value })
}

/** Whether a value is {@link reset}, also one of another copy of this package. */
export function isReset(value: unknown): value is Reset {
  return isTagged(value) && value[TAG] === '!reset'
}
