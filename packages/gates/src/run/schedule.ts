import { type GateValue, neededBy, secondsOf } from '../gate.ts'

export interface ScheduleOptions<Result> {
  /** How many gates run at once. */
  readonly parallel: number
  /** Runs a gate, or says that it cannot run since these are not green. */
  run(gate: GateValue, red: readonly GateValue[]): Promise<Result>
  hasPassed(result: Result): boolean
}

/**
 * Runs gates, each as soon as what it needs is green and there is room; of those that could start,
 * the one that may take longest goes first. One that must be alone waits until nothing else runs,
 * and nothing starts beside it.
 *
 * @param gates in the order of what they need, with all of it
 * @returns the results in the same order
 */
export async function schedule<Result>(
  gates: readonly GateValue[],
  { parallel, run, hasPassed }: ScheduleOptions<Result>,
): Promise<Result[]> {
  const results = new Map<GateValue, Result>()
  const running = new Map<GateValue, Promise<void>>()

  const begin = (gate: GateValue): void => {
    const red = neededBy(gate).filter((one) => !hasPassed(results.get(one)!))
    const done = run(gate, red).then((result) => {
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

/** Those of the ready gates that start now. */
function pick(
  ready: readonly GateValue[],
  running: readonly GateValue[],
  parallel: number,
): readonly GateValue[] {
  if (running.some(({ spec }) => spec.exclusive)) return []
  const longestFirst = [...ready].sort(
    (a, b) => secondsOf(b.spec.timeout) - secondsOf(a.spec.timeout),
  )
  const social = longestFirst.filter(({ spec }) => !spec.exclusive)
  if (social.length > 0) return social.slice(0, Math.max(0, parallel - running.length))
  return running.length === 0 ? longestFirst.slice(0, 1) : []
}
