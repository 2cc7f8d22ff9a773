import { diagnosticList } from './diagnostic-list.ts'
import type { Counts, GateDiagnostic, Report, TestResult } from './report.ts'

type TestDiagnostic = GateDiagnostic & { readonly kind: keyof typeof outcomes }

const outcomes = {
  failure: ['failed', 'failures'],
  error: ['error', 'errors'],
  timeout: ['timeout', 'errors'],
  skip: ['skipped', 'skipped'],
} as const

/** Tests that are listed; all are counted. */
const maxTests = 20_000

export interface Tally {
  readonly counts: Counts
  readonly diagnostics: ReturnType<typeof diagnosticList>
  /** Adds a test, with the diagnostic of one that did not pass. */
  count(test: Pick<TestResult, 'suite' | 'name' | 'time'>, diagnostic?: TestDiagnostic): void
  report(): Report
}

/** Counts tests. A test that did not pass may be a declared skip, so `diagnostics` is separate. */
export function tally(): Tally {
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 }
  const diagnostics = diagnosticList()
  const tests: TestResult[] = []
  return {
    counts,
    diagnostics,
    count(test, diagnostic) {
      counts.tests += 1
      const [outcome, counter] = diagnostic ? outcomes[diagnostic.kind] : (['passed'] as const)
      if (counter) counts[counter] += 1
      if (tests.length >= maxTests) return
      tests.push({
        ...test,
        outcome,
        ...(diagnostic && { message: diagnostic.message }),
        ...(diagnostic?.location && { location: diagnostic.location }),
      })
    },
    report: () => ({ diagnostics: diagnostics.all(), counts, tests }),
  }
}

export type { TestDiagnostic }
