import type { GateDiagnostic } from './report.ts'

/**
 * Tests that may be skipped, by name, each with the reason: `'demo_SUITE:needs_ipv6'`,
 * `'demo_SUITE:group.case'` for a case in one group, or `'demo_SUITE'` for a whole suite.
 */
export type DeclaredSkips = Readonly<Record<string, string>>

export interface SkipLedger {
  /** Whether a declaration has one of these names. */
  allows(...names: readonly string[]): boolean
  /** A diagnostic for every declaration that matched no test. */
  unused(): GateDiagnostic[]
}

/** Matches declarations with skipped tests, and remembers which were used. */
export function skipLedger(declared: DeclaredSkips): SkipLedger {
  const used = new Set<string>()
  return {
    allows(...names) {
      const matched = names.filter((name) => Object.hasOwn(declared, name))
      for (const name of matched) used.add(name)
      return matched.length > 0
    },
    unused: () =>
      Object.keys(declared)
        .filter((name) => !used.has(name))
        .map((name) => ({
          kind: 'skip',
          message: `unused skip ${name}: no such test was skipped. Remove the declaration`,
          test: name,
        })),
  }
}
