import {
  type Document,
  ORIGIN,
  type Origin,
  originOf,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import type { Reader } from './evidence/report.ts'

type Unit = 's' | 'm' | 'h'

export interface GateSpec {
  /** Name of the compose service that it runs in. Several gates may share one. */
  readonly service: string
  /** Command and arguments. They run in `/workspace`, on a copy of the project. */
  readonly command: readonly [string, ...string[]]
  /** After this time the gate is killed and fails: `'90s'`, `'10m'`, `'2h'`; at most a day. */
  readonly timeout: `${number}${Unit}`
  /** Readers of what the gate leaves behind. Default: none, the exit code alone decides. */
  readonly evidence?: readonly Reader[]
  /** Gates that must pass before it runs. Default: none. */
  readonly needs?: readonly GateValue[]
  /** Files or folders below the project for gates that have this one among their `inputs`. */
  readonly outputs?: readonly string[]
  /** Gates whose `outputs` are in the project when it runs. They must pass, as with `needs`. */
  readonly inputs?: readonly GateValue[]
  /** Files or folders below the project, also with `*`, that the next run of this gate restores. */
  readonly cache?: readonly string[]
  /** Generated files that it needs beside the sources. */
  readonly files?: readonly Document[]
  /** Variable that gets the folder of the base revision, for a gate that compares with one. */
  readonly base?: { readonly variable: string }
  /** Whether the gates that need it start with its `_build`. At most one gate. Default: false. */
  readonly builds?: boolean
  /** Whether no other gate runs at the same time, for example to measure time. Default: false. */
  readonly exclusive?: boolean
}

const { any, anyList, anyObject, boolean, object, string } = schema

const optionsSchema = object<GateSpec>({
  service: string,
  command: any,
  timeout: any,
  evidence: any,
  needs: any,
  outputs: anyList,
  inputs: any,
  cache: anyList,
  files: anyList,
  base: anyObject,
  builds: boolean,
  exclusive: boolean,
})

/** A gate as a value. */
export interface GateValue {
  readonly kind: 'gate'
  readonly name: string
  readonly spec: GateSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A quality gate: a command in a compose service, and the readers that check what it leaves behind.
 *
 * @throws UserError for an invalid name, service, command, timeout or path, an unknown option, or an
 * input without outputs
 * @example
 * const format = gate('format', {
 *   service: 'erlmcp-check',
 *   command: ['rebar3', 'fmt', '--check'],
 *   timeout: '2m',
 * })
 */
export function gate(name: string, spec: GateSpec): GateValue {
  const origin = originOf(gate)
  const fail = (message: string, hint: string): never => {
    throw new UserError({ message: `gate ${JSON.stringify(name)}: ${message}`, hint, origin })
  }
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
    fail('invalid name', 'Use up to 40 lower-case letters, digits and dashes.')
  }
  if (spec.service === undefined || !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(spec.service)) {
    fail(`invalid service ${JSON.stringify(spec.service)}`, 'Name a service of the compose file.')
  }
  validateOptions(`gate ${JSON.stringify(name)}`, spec, optionsSchema, origin)
  const limit = secondsOf(spec.timeout)
  if (!(limit > 0 && limit <= 24 * 3600)) {
    const timeout = JSON.stringify(spec.timeout)
    fail(
      `invalid timeout ${timeout}: expected a duration of at most a day`,
      "Write '90s' or '10m'.",
    )
  }
  if (!isCommand(spec.command)) {
    fail('`command`: expected a list of strings', "Write ['rebar3', 'eunit'].")
  }
  if (!isReaderList(spec.evidence ?? [])) {
    fail('`evidence`: expected a list of readers', "Write [surefire('_build/test/reports')].")
  }
  for (const path of [...outputPaths(spec), ...(spec.cache ?? [])]) {
    if (!isBelow(path)) {
      fail(
        `invalid path ${JSON.stringify(path)}: expected a path below the project`,
        "Write '_build/test/logs', with letters, digits and _./@+-.",
      )
    }
  }
  for (const key of ['needs', 'inputs'] as const) {
    if (!isGateList(spec[key] ?? [])) {
      fail(`\`${key}\`: expected a list of gates`, 'Pass the gates themselves: [erlang.compile].')
    }
  }
  const empty = spec.inputs?.find((input) => !input.spec.outputs?.length)
  if (empty) {
    fail(
      `the input ${empty.name} has no outputs`,
      `Declare \`outputs\` of ${empty.name}, or use \`needs\`.`,
    )
  }
  return Object.freeze({ kind: 'gate', name, spec: copied(spec), [ORIGIN]: origin })
}

function isCommand(words: unknown): boolean {
  const isWord = (word: unknown) => typeof word === 'string' && !word.includes('\0')
  return Array.isArray(words) && words.length > 0 && words.every(isWord)
}

function isReaderList(values: unknown): boolean {
  return (
    Array.isArray(values) && values.every((one: Partial<Reader>) => Array.isArray(one?.outputs))
  )
}

/** Whether it is a list of gates, also from JavaScript. */
export function isGateList(values: unknown): boolean {
  return Array.isArray(values) && values.every((one: Partial<GateValue>) => one?.kind === 'gate')
}

/** Whether a shell resolves the path or pattern below the project only. */
function isBelow(path: string): boolean {
  const segments = path.split('/')
  // A leading dash would be an option, and `.*` would match the parent folder.
  return segments.every((one) => /^[\w.*@+-]+$/.test(one) && !/^-|^\.[.*]*$/.test(one))
}

/** With frozen copies of the lists: one that grew later could make a gate need itself. */
function copied(spec: GateSpec): GateSpec {
  const lists = Object.entries(spec).map(([key, value]) => [
    key,
    Array.isArray(value) ? Object.freeze([...value]) : value,
  ])
  return Object.freeze(Object.fromEntries(lists))
}

/** The paths that are copied out of the container, once each. */
export function outputPaths({ evidence = [], outputs = [] }: GateSpec): string[] {
  return [...new Set([...evidence.flatMap((reader) => reader.outputs), ...outputs])]
}

const seconds: Record<Unit, number> = { s: 1, m: 60, h: 3600 }

/** `'10m'` is 600; NaN for an invalid duration. */
export function secondsOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? []
  return Number(number) * seconds[unit as Unit]
}

/** The gates that must pass before it runs. */
export function neededBy({ spec }: GateValue): readonly GateValue[] {
  return [...new Set([...(spec.needs ?? []), ...(spec.inputs ?? [])])]
}

/**
 * The gates and all gates that they need, in topological order.
 *
 * @throws UserError for two gates of one name
 */
export function inOrder(gates: readonly GateValue[]): GateValue[] {
  const ordered: GateValue[] = []
  const visit = (one: GateValue): void => {
    if (ordered.includes(one)) return
    neededBy(one).forEach(visit)
    if (ordered.some(({ name }) => name === one.name)) {
      throw new UserError({
        message: `duplicate gate ${one.name}`,
        hint: 'Rename one of the two gates.',
        origin: one[ORIGIN],
      })
    }
    ordered.push(one)
  }
  gates.forEach(visit)
  return ordered
}
