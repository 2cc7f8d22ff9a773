import { setTimeout as sleep } from 'node:timers/promises'

/** What became of the requests of a load. */
export interface Outcome {
  readonly sent: number
  /** What went wrong, in words. */
  readonly failures: readonly string[]
  /** Requests in a second. */
  readonly rate: number
}

/** Makes a request, and throws what is wrong with its answer. */
export type Ask = (at: number) => Promise<unknown>

/** Asks `rate` times a second while the work lasts, however long answers take, and waits for all of them. */
export async function during(
  rate: number,
  ask: Ask,
  work: () => Promise<unknown>,
): Promise<Outcome> {
  const load = counted(ask)
  const open = new Set<Promise<void>>()
  let done = false
  const sending = (async () => {
    // What is due is counted from the start: a machine that stutters asks the more afterwards.
    for (let due = load.begin; !done; due += 1000 / rate) {
      await sleep(Math.max(0, due - Date.now()))
      const request = load.one().finally(() => open.delete(request))
      open.add(request)
    }
  })()
  try {
    await work()
  } finally {
    done = true
    await sending
    await Promise.all(open)
  }
  return load.outcome()
}

/** Asks so many times, a few at once. */
export async function times(count: number, ask: Ask): Promise<Outcome> {
  const load = counted(ask)
  let left = count
  const client = async () => {
    while (left > 0) {
      left -= 1
      await load.one()
    }
  }
  await Promise.all(Array.from({ length: 8 }, client))
  return load.outcome()
}

function counted(ask: Ask) {
  const begin = Date.now()
  const failures: string[] = []
  let sent = 0
  return {
    begin,
    async one() {
      const since = Date.now()
      try {
        await ask(sent++)
      } catch (error) {
        failures.push(`after ${Date.now() - since} ms: ${(error as Error).message}`)
      }
    },
    outcome(): Outcome {
      return { sent, failures, rate: (sent / (Date.now() - begin)) * 1000 }
    },
  }
}
