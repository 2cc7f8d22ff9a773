/** An option of a command: how the help shows it, and how its value is read. */
export interface Option<Value = unknown> {
  readonly summary: string
  /** Name of the value in the help; without it the option is a switch. */
  readonly label?: string
  /** What completes the value in a shell. */
  readonly completion?: 'file' | 'folder' | readonly string[]
  /** Value without the option. */
  readonly initial: Value
  /** The default in the help, where `initial` is one. */
  readonly shownDefault?: string
  /** What a value must be, for messages. */
  readonly expected: string
  /**
   * @param before the value so far, from an earlier use of the option
   * @returns undefined for an invalid value
   */
  read(text: string, before: Value): Value | undefined
}

/** Options by name, without the leading `--`. */
// biome-ignore lint/suspicious/noExplicitAny: each option has its own type of value.
export type Options = Readonly<Record<string, Option<any>>>

/** The values of options: each of the type that its option reads. */
export type Values<Known extends Options> = {
  readonly [Name in keyof Known]: Known[Name] extends Option<infer Value> ? Value : never
}

/** A switch: false without it. */
export function flag(summary: string): Option<boolean> {
  return { summary, initial: false, expected: 'no value', read: () => true }
}

/** Any text. */
export function text(label: string, summary: string): Option<string | undefined>
export function text(label: string, summary: string, initial: string): Option<string>
export function text(label: string, summary: string, initial?: string): Option<string | undefined> {
  return {
    summary,
    label,
    ...(label === 'FILE' && { completion: 'file' }),
    ...(label === 'DIR' && { completion: 'folder' }),
    initial,
    ...(initial !== undefined && { shownDefault: initial }),
    expected: label,
    read: (value) => value,
  }
}

/** Any text, as often as the option is given. */
export function texts(label: string, summary: string): Option<readonly string[]> {
  return {
    summary: `${summary}; repeatable`,
    label,
    initial: [],
    expected: label,
    read: (value, before) => [...before, value],
  }
}

/** One of some words; the first is the default. */
export function choice<const Word extends string>(
  label: string,
  words: readonly [Word, ...Word[]],
  summary: string,
): Option<Word> {
  return {
    summary: `${summary}: ${words.join(', ')}`,
    label,
    completion: words,
    initial: words[0],
    shownDefault: words[0],
    expected: `one of ${words.join(', ')}`,
    read: (value) => words.find((word) => word === value),
  }
}

/** A whole number from 1 to 999. */
export function count(label: string, summary: string): Option<number | undefined> {
  return {
    summary,
    label,
    initial: undefined,
    expected: 'a number from 1 to 999',
    read: (value) => (/^[1-9]\d{0,2}$/.test(value) ? Number(value) : undefined),
  }
}

const secondsOf: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }
const daysOf: Readonly<Record<string, number>> = { '': 1, d: 1, w: 7 }

/** A duration, in seconds: `90`, `90s`, `5m`, `1h`. */
export function seconds(summary: string): Option<number | undefined>
export function seconds(summary: string, initial: number): Option<number>
export function seconds(summary: string, initial?: number): Option<number | undefined> {
  return duration(summary, secondsOf, 'a duration such as 30s or 5m', initial, 's')
}

/** A duration, in days: `14`, `14d`, `2w`. */
export function days(summary: string, initial: number): Option<number> {
  return duration(summary, daysOf, 'a number of days such as 14d', initial, 'd') as Option<number>
}

function duration(
  summary: string,
  units: Readonly<Record<string, number>>,
  expected: string,
  initial: number | undefined,
  unit: string,
): Option<number | undefined> {
  return {
    summary,
    label: 'DURATION',
    initial,
    ...(initial !== undefined && { shownDefault: `${initial}${unit}` }),
    expected,
    read(value) {
      const [, amount, name = ''] = /^(\d{1,5})([a-z]?)$/.exec(value) ?? []
      const factor = units[name]
      return amount === undefined || factor === undefined ? undefined : Number(amount) * factor
    },
  }
}

/** An object without the keys whose value is undefined. */
export function defined<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as never
}

// Options of several commands.

export const out = text('DIR', 'folder of the files. Default: the folder of the stack')

export const format = choice('FORMAT', ['human', 'json'], 'format of the output')

/** What `format` is. */
export type Format = typeof format.initial

/** The format of a command that reports diagnostics. */
export const reportFormat = choice(
  'FORMAT',
  ['human', 'json', 'sarif', 'github'],
  'format of the diagnostics',
)

export const notes = flag('show notes, not only their number')

export const stack = text('FILE', 'file of the stack. Default: stack.ts')

export const within = days('how long certificates must remain valid', 30)

export const project = text('NAME', 'compose project. Default: that of the compose file')

export const set = text('SET', 'set of gates, such as otp27')

export const key = text('FILE', 'file with the key')
