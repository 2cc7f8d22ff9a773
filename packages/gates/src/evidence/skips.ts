import type { Problem } from '../reading.ts'

/**
 * Tests that may be skipped, by name, each with the reason: `'demo_SUITE:needs_ipv6'`, or
 * `'demo_SUITE:group.case'` where only that one is meant, or `'demo_SUITE'` for all of a suite.
 */
export type DeclaredSkips = Readonly<Record<string, string>>

export interface SkipLedger {
  /** Whether somebody has said that it may be skipped. */
  allows(...names: readonly string[]): boolean
  /** A problem for every declaration that no test has needed. */
  unused(): Problem[]
}

/** Keeps track of which declarations are needed. */
export function skipLedger(declared: DeclaredSkips): SkipLedger {
  const used = new Set<string>()
  return {
    allows(...names) {
      const found = names.filter((name) => Object.hasOwn(declared, name))
      for (const name of found) used.add(name)
      return found.length > 0
    },
    unused: () =>
      Object.keys(declared)
        .filter((name) => !used.has(name))
        .map((name) => ({
          kind: 'skip',
          message: `${name} is declared as skipped, and no such test was: remove the declaration`,
          test: name,
        })),
  }
}
