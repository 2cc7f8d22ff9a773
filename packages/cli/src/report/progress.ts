import type { Output } from '../output.ts'

/** Does the work, and prints `message` when it takes longer than a second. */
export async function withSlowNotice<Result>(
  message: string,
  output: Output,
  work: () => Promise<Result>,
): Promise<Result> {
  const timer = setTimeout(() => output.progress?.(`erlmcp: ${message} …\n`), 1000)
  // The timer alone keeps no process alive: an await that never ends is reported at once.
  timer.unref()
  try {
    return await work()
  } finally {
    clearTimeout(timer)
  }
}
