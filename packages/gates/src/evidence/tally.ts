import type { Counts, Problem, Reading, TestResult } from '../reading.ts'
import { problemList } from './guarded.ts'

type TestProblem = Problem & { readonly kind: keyof typeof outcomes }

const outcomes = {
  failure: ['failed', 'failures'],
  error: ['error', 'errors'],
  timeout: ['timeout', 'errors'],
  skip: ['skipped', 'skipped'],
} as const

/** Tests that are listed one by one. All are counted. */
const mostTests = 20_000

export interface Tally {
  readonly counts: Counts
  readonly problems: ReturnType<typeof problemList>
  /** A test, and what kept it from passing. */
  count(test: Pick<TestResult, 'suite' | 'name' | 'time'>, problem?: TestProblem): void
  reading(): Reading
}

/** Counts tests as they are read. What kept a test from passing need not be a problem of the gate. */
export function tally(): Tally {
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 }
  const problems = problemList()
  const tests: TestResult[] = []
  return {
    counts,
    problems,
    count(test, problem) {
      counts.tests += 1
      const [outcome, counter] = problem ? outcomes[problem.kind] : (['passed'] as const)
      if (counter) counts[counter] += 1
      if (tests.length >= mostTests) return
      tests.push({
        ...test,
        outcome,
        ...(problem && { message: problem.message }),
        ...(problem?.location && { location: problem.location }),
      })
    },
    reading: () => ({ problems: problems.all(), counts, tests }),
  }
}

export type { TestProblem }
