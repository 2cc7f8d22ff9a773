import { ORIGIN } from './origin.ts'

/**
 * Whether a value is one that a function of these packages made, and so has validated: it remembers
 * its {@link ORIGIN}, also when another copy of the package made it. An object that only looks like
 * one, as `{ kind: 'service', name: '../a' }`, does not.
 *
 * @param kinds its `kind` must be one of these; without any, every kind will do
 * @example
 * isMade(network('backend'), 'network') // true
 * isMade({ kind: 'network', name: 'backend' }, 'network') // false
 */
export function isBranded(value: unknown, ...kinds: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || !(ORIGIN in value)) return false
  return kinds.length === 0 || kinds.includes(String((value as { kind?: unknown }).kind))
}
