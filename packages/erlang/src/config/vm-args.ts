import { formatValue, type Origin, UserError } from '@erlmcp/core'
import { type EmulatorFlags, emulatorFlags, type FlagShape, fits, said } from './emulator-flags.ts'
import { printTerm } from './print-term.ts'
import type { Term } from './term.ts'

/** Parameters of the kernel application that matter to a node (OTP, kernel(6), "Configuration"). */
export interface KernelParameters {
  /** Seconds without an answer until a peer counts as gone. Default 60. */
  readonly net_ticktime?: number
  /** Ticks within `net_ticktime`, 4 to 1000. Default 4. */
  readonly net_tickintensity?: number
  /** Milliseconds that a node waits for another while connecting. Default 7000. */
  readonly net_setuptime?: number
  /** Whether every node connects to every other one. Default true. */
  readonly connect_all?: boolean
  /** Whether a split network is split into whole parts. Default true. */
  readonly prevent_overlapping_partitions?: boolean
  readonly dist_auto_connect?: Term
  /** Where logging begins: an atom of logger's levels. Default `notice`. */
  readonly logger_level?: Term
  readonly shell_history?: Term
}

/**
 * What vm.args may hold: flags as erl(1) writes them, with their values.
 *
 * What decides who may talk to the node is not among them, for erlangImage writes it by the option
 * `distribution`: the protocol, the interface, epmd. Nor is the cookie: it comes from a secret file.
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
  /** Milliseconds that a shutdown may last before what is left is killed. Default: for ever. */
  readonly '-shutdown_time'?: number
  readonly '-kernel'?: KernelParameters
}

/** Lines that the image adds, and the name if the person gave none. */
export interface VmArgsContext {
  readonly name: string
  /** Flags of the distribution, each a line. */
  readonly lines: readonly string[]
}

const kernelRanges: Readonly<Record<string, FlagShape>> = {
  net_ticktime: [1, 2_147_483],
  net_tickintensity: [4, 1000],
  net_setuptime: [1, 120_000],
  connect_all: 'boolean',
  prevent_overlapping_partitions: 'boolean',
}
const kernelTerms = new Set(['dist_auto_connect', 'logger_level', 'shell_history'])

/**
 * The text of vm.args.src.
 *
 * @throws UserError for a flag that the emulator does not document, or a value that it refuses
 */
export function printVmArgs(args: VmArgs, context: VmArgsContext, origin?: Origin): string {
  const { '-name': name, '-sname': sname, '-kernel': kernel = {}, ...rest } = args
  if (name !== undefined && sname !== undefined) {
    throw new UserError({
      message: 'vmArgs has both -name and -sname',
      hint: 'A node has one name: keep -name for a host name with dots, -sname for one without.',
      origin,
    })
  }
  const { '+IOp': sets = 1, '+IOt': threads = 1 } = rest
  if (sets > threads) {
    throw new UserError({
      message: `vmArgs has ${sets} pollsets (+IOp) for ${threads} poll threads (+IOt)`,
      hint: 'Each pollset needs a thread: the emulator refuses to start. Raise +IOt.',
      origin,
    })
  }
  const lines = [
    sname !== undefined
      ? `-sname ${checkName(sname, origin)}`
      : `-name ${nameOf(name, context, origin)}`,
    ...context.lines,
    ...inOrder(rest).map(([flag, value]) => printFlag(flag, value, origin)),
    ...Object.entries(kernel).map(([key, value]) => printKernel(key, value, origin)),
  ]
  return `${lines.join('\n')}\n`
}

const order = Object.keys(emulatorFlags)

/** In the order of the table: some flags must stand before those that read them. */
function inOrder(flags: object): [string, unknown][] {
  return Object.entries(flags).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
}

function nameOf(name: string | undefined, context: VmArgsContext, origin?: Origin): string {
  return name === undefined ? context.name : checkName(name, origin)
}

// The name is expanded by a shell on its way (`eval echo` in relx's script).
function checkName(name: string, origin?: Origin): string {
  if (typeof name === 'string' && /^[A-Za-z0-9_-]+@[A-Za-z0-9_.-]+$/.test(name)) return name
  throw new UserError({
    message: `the node name ${formatValue(name)} is not name@host`,
    hint: 'Use letters, digits, _ and - before the @, a host name or address after it.',
    origin,
  })
}

function printFlag(flag: string, value: unknown, origin?: Origin): string {
  if (flag === '-hidden' && value === true) return flag
  if (flag === '-shutdown_time') {
    return `${flag} ${checked(flag, value, [1, 4_294_967_295], origin)}`
  }
  const shape = own(emulatorFlags, flag)
  if (shape === undefined) {
    throw new UserError({
      message: `vmArgs has ${JSON.stringify(flag)}, which erl(1) does not document or which the image sets`,
      hint: 'The emulator refuses to start with a flag that it does not know. Take it out.',
      origin,
    })
  }
  const text = checked(flag, value, shape, origin)
  return shape === 'alone' ? flag : `${flag} ${text}`
}

/** The shape of a name, unless it is one that every object has. */
function own(shapes: Readonly<Record<string, FlagShape>>, name: string): FlagShape | undefined {
  return Object.hasOwn(shapes, name) ? shapes[name] : undefined
}

function checked(flag: string, value: unknown, shape: FlagShape, origin?: Origin): string {
  if (fits(shape, value)) return String(value)
  throw new UserError({
    message: `vmArgs ${flag} is ${formatValue(value)}`,
    hint: `It takes ${said(shape)} (erl(1)).`,
    origin,
  })
}

function printKernel(key: string, value: unknown, origin?: Origin): string {
  const shape = own(kernelRanges, key)
  if (shape) return `-kernel ${key} ${checked(`-kernel ${key}`, value, shape, origin)}`
  if (kernelTerms.has(key)) {
    const text = printTerm(value as Term)
    if (!text.includes('"${')) return `-kernel ${key} ${argument(text)}`
    throw new UserError({
      message: `vmArgs -kernel ${key} has a variable of kind string`,
      hint: 'Its spaces would end the argument. Use kind atom or integer, or put it into sysConfig.',
      origin,
    })
  }
  throw new UserError({
    message: `vmArgs -kernel has ${JSON.stringify(key)}`,
    hint: 'Only what concerns a node stands in vm.args. Put the others into sysConfig.',
    origin,
  })
}

/**
 * One word of an args file. A backslash keeps any character but a line break from its meaning;
 * within quotes it is itself, so there are none.
 */
export function argument(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_@%+=:,./${}[\]-]/g, '\\$&')
}
