/**
 * The flags of the emulator in vm.args, each with its values, by erl(1), "Emulator Flags", and
 * erts_alloc(3) of OTP 27 to 29. The types, the validation and the order in the file come from this
 * table. The emulator does not start with an unknown flag. `+dcg` is left out: OTP 27 takes the flag
 * after it for its value.
 */

type Bool = 'boolean'
/** An integer from the first number to the second. */
type Range = readonly [min: number, max: number]
/** Two counts with a colon between them, each within the range. Either may be left out. */
type Counts = { readonly counts: Range }
type Pattern = { readonly pattern: RegExp; readonly expected: string }
/** A flag without a value, given as `true`. */
type Alone = 'alone'
export type FlagValues =
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
const utilization = { pattern: /^(?:de|100|[1-9]?[0-9])$/, expected: '0 to 100, or de' }
const kilobytes: Range = [1, 4_194_303]
/** Words of a process heap. */
const heap: Range = [0, 2 ** 53 - 1]

/** The values of each flag, in the order in which flags are printed. */
export const emulatorFlags = {
  // Limits of the system
  '+P': [1024, 134_217_727],
  '+Q': [1024, 134_217_727],
  // The modules of OTP need more than the 8192 that erl(1) allows.
  '+t': [65_536, 2_147_483_647],
  '+e': [1, 2_147_483_647],
  // Schedulers
  '+S': { counts: [-1024, 1024] },
  '+SP': { counts: [1, 1_000_000] },
  '+SDcpu': { counts: [1, 1024] },
  '+SDPcpu': { counts: [1, 1_000_000] },
  '+SDio': [1, 1024],
  // Before +sbt, which depends on it.
  '+sct': { pattern: /^L[0-9][0-9,TtCcPpNnL:-]*$/, expected: 'a topology such as L0-3c0-3' },
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
} as const satisfies Readonly<Record<string, FlagValues>>

export type EmulatorFlag = keyof typeof emulatorFlags

type ValueOf<Values> = Values extends Bool
  ? boolean
  : Values extends Alone
    ? true
    : Values extends Range
      ? number
      : Values extends Counts
        ? `${number}` | `${number}:${number}` | `:${number}`
        : Values extends { readonly words: readonly (infer Word)[] }
          ? Word
          : Values extends Pattern
            ? string | number
            : never

type ByFlag = { readonly [Flag in EmulatorFlag]?: ValueOf<(typeof emulatorFlags)[Flag]> }

/** Flags of the emulator with their values. */
export interface EmulatorFlags extends ByFlag {
  /** Maximum number of processes. Default 1048576. erl(1), `+P`. */
  readonly '+P'?: number
  /** Maximum number of ports (sockets, files). Default 65536. erl(1), `+Q`. */
  readonly '+Q'?: number
  /** Maximum number of atoms. Default 1048576. erl(1), `+t`. */
  readonly '+t'?: number
  /** Schedulers and schedulers online. Default: the logical processors, within the CPU quota. */
  readonly '+S'?: ValueOf<Counts>
  /** Dirty I/O schedulers. Default 10. erl(1), `+SDio`. */
  readonly '+SDio'?: number
  /** How long an idle scheduler spins. `none` saves CPU under a quota. Default `medium`. */
  readonly '+sbwt'?: (typeof busyWait)['words'][number]
  /** Threads for linked-in drivers. Default 1. erl(1), `+A`. */
  readonly '+A'?: number
  /** Initial heap of a process, in words. Default 233. erl(1), `+hms`. */
  readonly '+hms'?: number
  /** Maximum heap of a process, in words; 0, the default, is unlimited. erl(1), `+hmax`. */
  readonly '+hmax'?: number
  /** Buffer of a distribution channel, in kilobytes. Default 1024. erl(1), `+zdbbl`. */
  readonly '+zdbbl'?: number
}
