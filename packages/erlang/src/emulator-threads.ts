import type { VmArgs } from './config/vm-args.ts'

/** Most ports of a node whose vmArgs do not say: what erl(1) has where few files may be opened. */
export const defaultPorts = 65_536

// Of OTP 27: the main thread, signals, the poller and two that collect what others left.
const fixed = 5
// An init, erl_child_setup, a resolver of two and HEALTHCHECK of three.
const beside = 8

/**
 * Threads and processes that a container of the release has at once: those that do not depend on the
 * machine, and those for each processor. erl(1), `+S`, `+SDcpu`, `+SDio`, `+A` and `+IOt`.
 */
export function threadsOf(vmArgs: VmArgs): { readonly base: number; readonly perCpu: number } {
  const normal = firstCount(vmArgs['+S'])
  const dirty = firstCount(vmArgs['+SDcpu']) ?? normal
  const { '+SDio': io = 10, '+A': asynchronous = 1, '+IOt': pollers = 1 } = vmArgs
  const given = [normal ?? 0, dirty ?? 0, io, asynchronous, pollers]
  return Object.freeze({
    base: given.reduce((sum, count) => sum + count, fixed + beside),
    perCpu: [normal, dirty].filter((count) => count === undefined).length,
  })
}

/** `4` of `4:2`; nothing where the emulator reckons it from the processors of the machine. */
function firstCount(counts: string | number | undefined): number | undefined {
  const count = Number.parseInt(String(counts), 10)
  return count > 0 ? count : undefined
}
