import { type GateValue, neededBy, secondsOf } from '../gate.ts'

export interface ScheduleOptions<Result> {
  /** How many gates run at once. */
  readonly parallel: number
  /** Runs a gate, or skips it if `unmet` has gates that it needs and that did not pass. */
  run(gate: GateValue, unmet: readonly GateValue[]): Promise<Result>
  hasPassed(result: Result): boolean
}

/**
 * Runs gates, each as soon as those that it needs have ended. Of the gates that could start, the one
 * with the longest timeout starts first. An exclusive gate waits until no other runs, and no other
 * starts before it ends.
 *
 * @param gates in topological order, with all gates that they need
 * @returns the results in the same order
 */
export async function schedule<Result>(
  gates: readonly GateValue[],
  { parallel, run, hasPassed }: ScheduleOptions<Result>,
): Promise<Result[]> {
  const results = new Map<GateValue, Result>()
  const running = new Map<GateValue, Promise<void>>()

  const begin = (gate: GateValue): void => {
    const unmet = neededBy(gate).filter((one) => !hasPassed(results.get(one)!))
    const done = run(gate, unmet).then((result) => {
      results.set(gate, result)
      running.delete(gate)
    })
    running.set(gate, done)
  }

  while (results.size < gates.length) {
    const ready = gates.filter(
      (gate) =>
        !results.has(gate) &&
        !running.has(gate) &&
        neededBy(gate).every((needed) => results.has(needed)),
    )
    pick(ready, [...running.keys()], parallel).forEach(begin)
    await Promise.race(running.values())
  }
  return gates.map((gate) => results.get(gate)!)
}

/** The ready gates that start now. */
function pick(
  ready: readonly GateValue[],
  running: readonly GateValue[],
  parallel: number,
): readonly GateValue[] {
  if (running.some(({ spec }) => spec.exclusive)) return []
  const longestFirst = [...ready].sort(
    (a, b) => secondsOf(b.spec.timeout) - secondsOf(a.spec.timeout),
  )
  const shared = longestFirst.filter(({ spec }) => !spec.exclusive)
  if (shared.length > 0) return shared.slice(0, Math.max(0, parallel - running.length))
  return running.length === 0 ? longestFirst.slice(0, 1) : []
}
