const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Puts off Ctrl-C and other polite requests to end until the returned function is called, which
 * then lets them have their way. Between the two nothing may wait.
 */
export function holdSignals(): () => Promise<void> {
  const asked = new Set<NodeJS.Signals>()
  const note = (signal: NodeJS.Signals) => asked.add(signal)
  for (const signal of signals) process.on(signal, note)
  return async () => {
    // Signals are delivered by the event loop: give it one turn.
    await new Promise((resolve) => setImmediate(resolve))
    for (const signal of signals) process.off(signal, note)
    for (const signal of asked) process.kill(process.pid, signal)
  }
}
