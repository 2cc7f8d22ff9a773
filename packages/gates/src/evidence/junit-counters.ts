import { Unreadable } from './guarded.ts'
import type { JunitCase, JunitEvents, JunitSuite } from './junit.ts'

/**
 * Compares the counters of each suite with the tests in it. A report in which they differ was cut,
 * edited or written by something else: neither can be believed.
 */
export function counterCheck(isCounted: (one: JunitCase) => boolean = () => true): JunitEvents {
  const none = { tests: 0, failure: 0, error: 0, skipped: 0 }
  let found = { ...none }
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
          throw new Unreadable(`${name} counts ${key}="${counted}", and has ${count} of them`)
        }
      }
      found = { ...none }
    },
  }
}
