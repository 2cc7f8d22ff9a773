import type { VmArgs } from './config/vm-args.ts'

/** The default of `+Q`: that of erl(1) where the limit of open files is low. */
export const defaultPorts = 65_536

// Of OTP 27: the main thread, signals, the poller and two that free memory.
const fixed = 5
// An init, erl_child_setup, two of the resolver and three of HEALTHCHECK.
const processes = 8

/**
 * The maximum of threads and processes in a container of the release: those independent of the
 * machine, and those per processor. erl(1), `+S`, `+SDcpu`, `+SDio`, `+A` and `+IOt`.
 */
export function threadsOf(vmArgs: VmArgs): { readonly base: number; readonly perCpu: number } {
  const normal = firstCount(vmArgs['+S'])
  const dirty = firstCount(vmArgs['+SDcpu']) ?? normal
  const { '+SDio': io = 10, '+A': asynchronous = 1, '+IOt': pollers = 1 } = vmArgs
  const given = [normal ?? 0, dirty ?? 0, io, asynchronous, pollers]
  return Object.freeze({
    base: given.reduce((sum, count) => sum + count, fixed + processes),
    perCpu: [normal, dirty].filter((count) => count === undefined).length,
  })
}

/** `4` of `4:2`; `undefined` where the emulator derives it from the processors of the machine. */
function firstCount(counts: string | number | undefined): number | undefined {
  const count = Number.parseInt(String(counts), 10)
  return count > 0 ? count : undefined
}
