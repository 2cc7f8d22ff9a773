import { type Origin, UserError } from '@erlmcp/core'
import { type EmulatorFlags, emulatorFlags, type FlagValues } from './emulator-flags.ts'
import { printTerm } from './print-term.ts'
import type { Term } from './term.ts'

/** Parameters of the kernel application for a node (OTP, kernel(6), "Configuration"). */
export interface KernelParameters {
  /** Seconds without an answer after which a peer counts as down. Default 60. */
  readonly net_ticktime?: number
  /** Ticks within `net_ticktime`, 4 to 1000. Default 4. */
  readonly net_tickintensity?: number
  /** Milliseconds that a node waits for another while connecting. Default 7000. */
  readonly net_setuptime?: number
  /** Whether every node connects to every other one. Default true. */
  readonly connect_all?: boolean
  /** Whether a split network is split into whole parts. Default true. */
  readonly prevent_overlapping_partitions?: boolean
  /** Whether and when nodes connect automatically: `never` or `once`. Default: always. */
  readonly dist_auto_connect?: Term
  /** Lowest level that is logged, an atom of logger. Default `notice`. */
  readonly logger_level?: Term
  /** Whether the shell keeps its history: `enabled` or `disabled`. Default `disabled`. */
  readonly shell_history?: Term
}

/**
 * The content of vm.args: flags as erl(1) writes them, with their values.
 *
 * Flags that decide which nodes may connect are missing: erlangImage sets the protocol, the interface
 * and epmd by its option `distribution`. The cookie is read from a secret file.
 *
 * @example
 * const vmArgs: VmArgs = { '+P': 262144, '+sbwt': 'none', '-kernel': { net_ticktime: 20 } }
 */
export interface VmArgs extends EmulatorFlags {
  /** Node name with a full host name, `name@host.domain`. Default: `<release>@…` by `distribution`. */
  readonly '-name'?: `${string}@${string}`
  /** Node name with a short host name. At most one of `-name` and `-sname`. */
  readonly '-sname'?: `${string}@${string}`
  /** Not in `nodes()` of the others. erl(1), `-hidden`. */
  readonly '-hidden'?: true
  /** Milliseconds after which a shutdown is forced. Default: unlimited. */
  readonly '-shutdown_time'?: number
  /** Parameters of the kernel application. Default: none. */
  readonly '-kernel'?: KernelParameters
}

/** Lines that the image adds, and the node name where vmArgs set none. */
export interface VmArgsContext {
  readonly name: string
  /** Flags of the distribution, each a line. */
  readonly lines: readonly string[]
}

/**
 * The text of vm.args.src.
 *
 * @param args validated by `validateVmArgs` and its schema
 * @throws UserError for a term that an argument cannot express
 */
export function printVmArgs(args: VmArgs, context: VmArgsContext, origin?: Origin): string {
  const { '-name': name, '-sname': sname, '-kernel': kernel = {}, ...flags } = args
  const lines = [
    sname === undefined ? `-name ${name ?? context.name}` : `-sname ${sname}`,
    ...context.lines,
    ...sortFlags(flags).map(([flag, value]) =>
      value === true && isAlone(flag) ? flag : `${flag} ${value}`,
    ),
    ...Object.entries(kernel).map(([key, value]) => printKernel(key, value, origin)),
  ]
  return `${lines.join('\n')}\n`
}

const order = Object.keys(emulatorFlags)

/** In the order of the table: some flags must precede those that depend on them. */
function sortFlags(flags: object): [string, unknown][] {
  return Object.entries(flags).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
}

function isAlone(flag: string): boolean {
  const values: Readonly<Record<string, FlagValues>> = emulatorFlags
  return flag === '-hidden' || values[flag] === 'alone'
}

function printKernel(key: string, value: Term, origin?: Origin): string {
  const text = printTerm(value)
  if (!text.includes('"${')) return `-kernel ${key} ${argument(text)}`
  throw new UserError({
    message: `vmArgs -kernel ${key} has a variable of kind string`,
    hint: 'Use kind atom or integer, or put it into sysConfig: a space would end the argument.',
    origin,
  })
}

/**
 * One word of an args file. A backslash escapes any character but a line break; within quotes it is
 * literal, so quotes are not used.
 */
export function argument(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_@%+=:,./${}[\]-]/g, '\\$&')
}
