import type { GateDiagnostic } from './report.ts'

/** Diagnostics that one reader keeps; the rest is only counted. */
const maxDiagnostics = 500

export interface DiagnosticList {
  add(diagnostic: GateDiagnostic): void
  readonly count: number
  all(): readonly GateDiagnostic[]
}

/** Collects diagnostics, and bounds how many it holds. */
export function diagnosticList(): DiagnosticList {
  const kept: GateDiagnostic[] = []
  let count = 0
  return {
    add(diagnostic) {
      count += 1
      if (kept.length < maxDiagnostics) kept.push(diagnostic)
    },
    get count() {
      return count
    },
    all() {
      const more = count - kept.length
      if (more === 0) return kept
      return [...kept, { kind: kept[0]!.kind, message: `and ${more} more` }]
    },
  }
}
