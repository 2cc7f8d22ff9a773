import {
  type Document,
  ORIGIN,
  type Origin,
  originOf,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import type { Reader } from './reading.ts'

type Unit = 's' | 'm' | 'h'

export interface GateSpec {
  /** Name of the compose service that it runs in. Several gates may share one. */
  readonly service: string
  /** What runs, on a copy of the project in /workspace. */
  readonly command: readonly [string, ...string[]]
  /** How long it may take before it is killed, and red: `'10m'`; at most a day. */
  readonly timeout: `${number}${Unit}`
  /** What proves how it went. Without a reader its exit code alone decides. */
  readonly evidence?: readonly Reader[]
  /** Gates that must be green before it runs. */
  readonly needs?: readonly GateValue[]
  /** Files or folders below the project that are kept for a gate which `takes` them. */
  readonly gives?: readonly string[]
  /** Gates whose `gives` lie in the project when it runs; it needs them too. */
  readonly takes?: readonly GateValue[]
  /** Files or folders below the project that the next run of this gate finds again; with `*`. */
  readonly caches?: readonly string[]
  /** Generated files that it needs beside the sources. */
  readonly files?: readonly Document[]
  /** Whether it compares with a base revision, whose sources it finds where `base` says. */
  readonly base?: { readonly variable: string }
  /** Whether what it builds is where the gates that need it begin. Default: false. */
  readonly builds?: boolean
  /** Whether it runs while no other does, as one that measures time. Default: false. */
  readonly alone?: boolean
}

const { any, anyList, anyObject, boolean, object, string } = schema

const optionsSchema = object<GateSpec>({
  service: string,
  command: any,
  timeout: any,
  evidence: any,
  needs: any,
  gives: anyList,
  takes: any,
  caches: anyList,
  files: anyList,
  base: anyObject,
  builds: boolean,
  alone: boolean,
})

/** A gate as a value: a command in a service, and what proves how it went. */
export interface GateValue {
  readonly kind: 'gate'
  readonly name: string
  readonly spec: GateSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A quality gate.
 *
 * @throws UserError for a name or service that cannot be one, an unknown option, a timeout of nothing or of more than a
 * day, a path outside the project, a gate to take from that gives nothing
 * @example
 * const format = gate('format', {
 *   service: 'erlmcp-check',
 *   command: ['rebar3', 'fmt', '--check'],
 *   timeout: '2m',
 * })
 */
export function gate(name: string, spec: GateSpec): GateValue {
  const origin = originOf(gate)
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message: `gate ${JSON.stringify(name)}: ${message}`, hint, origin })
  }
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
    refuse('it cannot be called that', 'Use up to 40 lower-case letters, digits and dashes.')
  }
  if (spec.service === undefined || !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(spec.service)) {
    refuse(`${JSON.stringify(spec.service)} cannot name a service`, 'Name one of the compose file.')
  }
  validateOptions(`gate ${JSON.stringify(name)}`, spec, optionsSchema, origin)
  const limit = secondsOf(spec.timeout)
  // What a timer can hold is not much more.
  if (!(limit > 0 && limit <= 24 * 3600)) {
    refuse(
      `the timeout ${JSON.stringify(spec.timeout)} is none`,
      "Write it like '90s' or '10m'; a day is the most.",
    )
  }
  if (!isCommand(spec.command)) {
    refuse('its command cannot be run', "Write it in words: ['rebar3', 'eunit'].")
  }
  if (!isReaderList(spec.evidence ?? [])) {
    refuse('its `evidence` is no list of readers', "Such as [surefire('_build/test/reports')].")
  }
  for (const path of [...keptPaths(spec), ...(spec.caches ?? [])]) {
    if (!isBelow(path)) {
      refuse(
        `the path ${JSON.stringify(path)} is not one below the project`,
        "Write it like '_build/test/logs', of letters, digits and _./@+-.",
      )
    }
  }
  for (const key of ['needs', 'takes'] as const) {
    if (!isGateList(spec[key] ?? [])) {
      refuse(`its \`${key}\` are no list of gates`, 'Give the gates themselves: [erlang.compile].')
    }
  }
  const silent = spec.takes?.find((giver) => !giver.spec.gives?.length)
  if (silent) {
    refuse(
      `it takes what ${silent.name} gives, and that gives nothing`,
      `Say what it is with \`gives\` of ${silent.name}; or write \`needs\`.`,
    )
  }
  return Object.freeze({ kind: 'gate', name, spec: copied(spec), [ORIGIN]: origin })
}

function isCommand(words: unknown): boolean {
  const isWord = (word: unknown) => typeof word === 'string' && !word.includes('\0')
  return Array.isArray(words) && words.length > 0 && words.every(isWord)
}

function isReaderList(values: unknown): boolean {
  return Array.isArray(values) && values.every((one: Partial<Reader>) => Array.isArray(one?.keeps))
}

/** Whether it is a list of gates, also where no compiler looked. */
export function isGateList(values: unknown): boolean {
  return Array.isArray(values) && values.every((one: Partial<GateValue>) => one?.kind === 'gate')
}

/** Whether a shell finds it in the project and nowhere else, also when it is a pattern. */
function isBelow(path: string): boolean {
  const segments = path.split('/')
  // No option of a command, and nothing that is or may match the folder or the one above it.
  return segments.every((one) => /^[\w.*@+-]+$/.test(one) && !/^-|^\.[.*]*$/.test(one))
}

/** With lists of its own: one that grew later could make it need itself. */
function copied(spec: GateSpec): GateSpec {
  const lists = Object.entries(spec).map(([key, value]) => [
    key,
    Array.isArray(value) ? Object.freeze([...value]) : value,
  ])
  return Object.freeze(Object.fromEntries(lists))
}

/** What is taken out of the container, once each. */
export function keptPaths({ evidence = [], gives = [] }: GateSpec): string[] {
  return [...new Set([...evidence.flatMap(({ keeps }) => keeps), ...gives])]
}

const seconds: Record<Unit, number> = { s: 1, m: 60, h: 3600 }

/** `'10m'` is 600; NaN where it is no duration. */
export function secondsOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? []
  return Number(number) * seconds[unit as Unit]
}

/** The gates that must be green before it. */
export function neededBy({ spec }: GateValue): readonly GateValue[] {
  return [...new Set([...(spec.needs ?? []), ...(spec.takes ?? [])])]
}

/**
 * The gates and all that they need, each after what it needs.
 *
 * @throws UserError for two gates of one name
 */
export function inOrder(gates: readonly GateValue[]): GateValue[] {
  const ordered: GateValue[] = []
  const visit = (one: GateValue): void => {
    if (ordered.includes(one)) return
    neededBy(one).forEach(visit)
    const twin = ordered.find(({ name }) => name === one.name)
    if (twin) {
      throw new UserError({
        message: `two gates are called ${one.name}`,
        hint: 'Give one of them another name.',
        origin: one[ORIGIN],
      })
    }
    ordered.push(one)
  }
  gates.forEach(visit)
  return ordered
}
