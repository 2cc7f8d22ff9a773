import type { JunitCase, JunitEvents, JunitSuite } from './junit.ts'
import { ReportParseError } from './report-errors.ts'

/**
 * Compares the counters of each suite with its tests. A report in which they differ was truncated,
 * edited or written by another tool.
 */
export function counterCheck(isCounted: (one: JunitCase) => boolean = () => true): JunitEvents {
  const zero = { tests: 0, failure: 0, error: 0, skipped: 0 }
  let found = { ...zero }
  return {
    onCase(one) {
      if (!isCounted(one)) return
      found.tests += 1
      if (one.marks[0]) found[one.marks[0].element] += 1
    },
    onSuite({ name, counters }: JunitSuite) {
      const { tests, failure: failures, error: errors, skipped } = found
      for (const [key, count] of Object.entries({ tests, failures, errors, skipped })) {
        const counted = counters[key as keyof typeof counters]
        if (counted !== count) {
          throw new ReportParseError(`${name}: ${key}="${counted}", but the suite has ${count}`)
        }
      }
      found = { ...zero }
    },
  }
}
