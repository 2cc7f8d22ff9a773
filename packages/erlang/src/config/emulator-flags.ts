/**
 * The flags of the emulator that may stand in vm.args, each with what it takes. All of them, with
 * their ranges, are from erl(1), "Emulator Flags", and erts_alloc(3) of OTP 27 to 29. An unknown one
 * stops the emulator at boot, so there is no way to write one down. `+dcg` is not here: OTP 27 takes
 * the flag after it for its value and does not start.
 */

type Bool = 'boolean'
/** An integer from the first number to the second. */
type Range = readonly [min: number, max: number]
/** Two counts with a colon between them, each within the range. Either may be left out. */
type Counts = { readonly counts: Range }
type Pattern = { readonly pattern: RegExp; readonly said: string }
/** A flag without a value, given as `true`. */
type Alone = 'alone'
export type FlagShape =
  | Bool
  | Range
  | Counts
  | Pattern
  | Alone
  | { readonly words: readonly string[] }

const words = <const W extends string>(...list: W[]) => ({ words: list })
const busyWait = words('none', 'very_short', 'short', 'medium', 'long', 'very_long')
const wakeup = words('very_low', 'low', 'medium', 'high', 'very_high')
const binding = words('u', 'ns', 'ts', 'ps', 's', 'nnts', 'nnps', 'tnnps', 'db')
const strategy = words(
  ...['bf', 'aobf', 'aoff', 'aoffcbf', 'aoffcaobf', 'ageffcaoff', 'ageffcbf', 'ageffcaobf'],
)
const utilization = { pattern: /^(?:de|100|[1-9]?[0-9])$/, said: '0 to 100, or de' }
const kilobytes: Range = [1, 4_194_303]
/** Words of a process heap. */
const heap: Range = [0, 2 ** 53 - 1]

/** What the emulator takes after each flag. The keys are the flags as erl(1) writes them. */
export const emulatorFlags = {
  // Limits of the system
  '+P': [1024, 134_217_727],
  '+Q': [1024, 134_217_727],
  // OTP's own modules need more than the 8192 that erl(1) allows.
  '+t': [65_536, 2_147_483_647],
  '+e': [1, 2_147_483_647],
  // Schedulers
  '+S': { counts: [-1024, 1024] },
  '+SP': { counts: [1, 1_000_000] },
  '+SDcpu': { counts: [1, 1024] },
  '+SDPcpu': { counts: [1, 1_000_000] },
  '+SDio': [1, 1024],
  // Before +sbt, which reads it.
  '+sct': { pattern: /^L[0-9][0-9,TtCcPpNnL:-]*$/, said: 'a topology such as L0-3c0-3' },
  '+sbt': binding,
  '+stbt': binding,
  '+sbwt': busyWait,
  '+sbwtdcpu': busyWait,
  '+sbwtdio': busyWait,
  '+scl': 'boolean',
  '+sfwi': [0, 2_147_483_647],
  '+spp': 'boolean',
  '+ssrct': 'alone',
  '+sss': [20, 8192],
  '+sssdcpu': [20, 8192],
  '+sssdio': [20, 8192],
  '+sub': 'boolean',
  '+swct': words('very_eager', 'eager', 'medium', 'lazy', 'very_lazy'),
  '+sws': words('default', 'legacy'),
  '+swt': wakeup,
  '+swtdcpu': wakeup,
  '+swtdio': wakeup,
  '+rg': [1, 64],
  // Threads for drivers and I/O
  '+A': [1, 1024],
  '+a': [16, 8192],
  '+IOp': [1, 1024],
  '+IOt': [1, 1024],
  '+IOPp': [1, 100],
  '+IOPt': [1, 100],
  '+IOs': 'boolean',
  // Heaps of processes
  '+hms': heap,
  '+hmbs': heap,
  '+hmax': heap,
  '+hmaxel': 'boolean',
  '+hmaxib': 'boolean',
  '+hmaxk': 'boolean',
  '+hpds': [1, 65_535],
  '+hmqd': words('off_heap', 'on_heap'),
  // Time
  '+c': 'boolean',
  '+C': words('no_time_warp', 'single_time_warp', 'multi_time_warp'),
  // Distribution
  '+pad': 'boolean',
  '+zdbbl': [1, 2_097_151],
  '+zdntgc': [0, 100_000],
  // Text
  '+fnl': 'alone',
  '+fnu': 'alone',
  '+fnui': 'alone',
  '+fnue': 'alone',
  '+fna': 'alone',
  '+pc': words('latin1', 'unicode'),
  // Errors and profiling
  '+d': 'alone',
  '+L': 'alone',
  '+W': words('w', 'i', 'e'),
  '+JPperf': words('true', 'false', 'dump', 'map', 'fp', 'no_fp'),
  '+JMsingle': 'boolean',
  '+zosrl': [1, 134_217_727],
  // Memory: all of alloc_util, then binaries, ETS and process heaps, then the super carrier
  '+Muas': strategy,
  '+Muacul': utilization,
  '+Mulmbcs': kilobytes,
  '+Musmbcs': kilobytes,
  '+Musbct': kilobytes,
  '+Musac': 'boolean',
  '+Muatags': 'boolean',
  '+MBas': strategy,
  '+MBacul': utilization,
  '+MBlmbcs': kilobytes,
  '+MBsmbcs': kilobytes,
  '+MBsbct': kilobytes,
  '+MEas': strategy,
  '+MEacul': utilization,
  '+MElmbcs': kilobytes,
  '+MEsmbcs': kilobytes,
  '+MEsbct': kilobytes,
  '+MHas': strategy,
  '+MHacul': utilization,
  '+MHlmbcs': kilobytes,
  '+MHsmbcs': kilobytes,
  '+MHsbct': kilobytes,
  '+MMscs': [0, 1_048_576],
  '+MMsco': 'boolean',
  '+MMscrpm': 'boolean',
} as const satisfies Readonly<Record<string, FlagShape>>

export type EmulatorFlag = keyof typeof emulatorFlags

type ValueOf<Shape> = Shape extends Bool
  ? boolean
  : Shape extends Alone
    ? true
    : Shape extends Range
      ? number
      : Shape extends Counts
        ? `${number}` | `${number}:${number}` | `:${number}`
        : Shape extends { readonly words: readonly (infer Word)[] }
          ? Word
          : Shape extends Pattern
            ? string | number
            : never

/** Whether a flag takes the value. */
export function fits(shape: FlagShape, value: unknown): boolean {
  if (shape === 'boolean') return typeof value === 'boolean'
  if (shape === 'alone') return value === true
  if ('words' in shape) return shape.words.includes(value as string)
  if ('pattern' in shape) return shape.pattern.test(String(value))
  if ('counts' in shape) {
    const match = /^(-?[0-9]+)?(?::(-?[0-9]+))?$/.exec(String(value))
    const given = [match?.[1], match?.[2]].filter((part) => part !== undefined)
    return given.length > 0 && given.every((part) => within(Number(part), shape.counts))
  }
  return typeof value === 'number' && within(value, shape)
}

function within(value: number, [min, max]: Range): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}

/** What a flag takes, for a person. */
export function said(shape: FlagShape): string {
  if (shape === 'boolean') return 'true or false'
  if (shape === 'alone') return 'no value: write `true`, or leave it out'
  if ('words' in shape) return `one of ${shape.words.join(', ')}`
  if ('pattern' in shape) return shape.said
  if ('counts' in shape) {
    return `count:online, each from ${shape.counts[0]} to ${shape.counts[1]}`
  }
  return `a whole number from ${shape[0]} to ${shape[1]}`
}

type Values = { readonly [Flag in EmulatorFlag]?: ValueOf<(typeof emulatorFlags)[Flag]> }

/** Flags of the emulator with their values. Most people need the documented ones below at most. */
export interface EmulatorFlags extends Values {
  /** Most processes at one time. Default 1048576. erl(1), `+P`. */
  readonly '+P'?: number
  /** Most ports (sockets, files) at one time. Default 65536. erl(1), `+Q`. */
  readonly '+Q'?: number
  /** Most atoms. Default 1048576. erl(1), `+t`. */
  readonly '+t'?: number
  /** Schedulers and schedulers online. Default: the logical processors, within the CPU quota. */
  readonly '+S'?: ValueOf<Counts>
  /** Dirty I/O schedulers. Default 10. erl(1), `+SDio`. */
  readonly '+SDio'?: number
  /** How long an idle scheduler spins. `none` saves CPU under a quota. Default `medium`. */
  readonly '+sbwt'?: (typeof busyWait)['words'][number]
  /** Threads for linked-in drivers. Default 1. erl(1), `+A`. */
  readonly '+A'?: number
  /** First heap of a process, in words. Default 233. erl(1), `+hms`. */
  readonly '+hms'?: number
  /** Greatest heap of a process, in words; 0 is no limit, the default. erl(1), `+hmax`. */
  readonly '+hmax'?: number
  /** What a distribution channel buffers, in kilobytes. Default 1024. erl(1), `+zdbbl`. */
  readonly '+zdbbl'?: number
}
