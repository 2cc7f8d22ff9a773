import {
  formatViolation,
  type MatchOptions,
  matches,
  type Origin,
  type Schema,
  toUserError,
  validate,
} from '@erlmcp/core'
import { isKnown, resolve } from '../model/resolve.ts'

/** Validates types only, with the defaults of variables; a rule validates formats, since it knows the dialect. */
export const typesOnly: MatchOptions = {
  formats: false,
  resolve: (text) => {
    const known = resolve(text)
    return isKnown(known) ? known : undefined
  },
}

/**
 * Validates a value at its place in a compose file.
 *
 * @throws UserError with every unknown or missing key and every value of another type
 */
export function validateEntry(entry: Schema, value: unknown, origin: Origin | undefined): void {
  if (matches(entry, value, typesOnly)) return
  throw toUserError(validate(entry, value, typesOnly), origin, formatViolation)
}
