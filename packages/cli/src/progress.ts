import type { Output } from './output.ts'

/** Does the work, and says which it is when it takes longer than a second. */
export async function patiently<Result>(
  message: string,
  output: Output,
  work: () => Promise<Result>,
): Promise<Result> {
  const timer = setTimeout(() => output.progress?.(`erlmcp: ${message} …\n`), 1000)
  // It alone keeps no process alive: an await that never ends is told at once.
  timer.unref()
  try {
    return await work()
  } finally {
    clearTimeout(timer)
  }
}
