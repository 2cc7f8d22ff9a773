import { ORIGIN } from './origin.ts'

/**
 * Whether a function of these packages, or of another copy of them, created and so validated a value:
 * it has an {@link ORIGIN}. A literal such as `{ kind: 'service', name: '../a' }` has none.
 *
 * @param kinds the allowed values of `kind`; default: any
 * @example
 * isBranded(network('backend'), 'network') // true
 * isBranded({ kind: 'network', name: 'backend' }, 'network') // false
 */
export function isBranded(value: unknown, ...kinds: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || !(ORIGIN in value)) return false
  return kinds.length === 0 || kinds.includes(String((value as { kind?: unknown }).kind))
}
