import type { Document, Path, Rule } from '@erlmcp/core'
import type { ComposeFile, Service } from '../document.ts'
import { isSwarm } from './reading/dialect.ts'
import { eachService } from './reading/each-service.ts'
import { isKnown, resolve } from './reading/resolve.ts'

type Form = keyof typeof forms

// Go's time.ParseDuration, which Compose lets have days and weeks; go-units' RAMInBytes;
// strconv.ParseFloat and ParseInt. Negative ones are read, and then refused by the engine.
const forms = {
  duration: {
    pattern: /^\+?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w))+)$/,
    said: 'a duration',
    help: 'Write a number with its unit: 30s, 1m30s, 500ms.',
  },
  size: {
    pattern: /^(?:\d+\.?\d*|\.\d+)(?:e\+?\d+)? ?(?:[kmgtp]i?b?|b)?$/i,
    said: 'a number of bytes',
    help: 'Write a whole number of bytes, or one with a unit: 512M, 1G.',
  },
  number: {
    pattern: /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i,
    said: 'a number',
    help: 'Write a number that is not negative, as 0.5.',
  },
  count: { pattern: /^\+?\d+$/, said: 'a whole number', help: 'Write a whole number, as 3.' },
  processes: {
    pattern: /^(?:\+?\d+|-1)$/,
    said: 'a whole number',
    help: 'Write a whole number, or -1 for no limit.',
  },
  swap: {
    pattern: /^(?:-1|(?:\d+\.?\d*|\.\d+)(?:e\+?\d+)? ?(?:[kmgtp]i?b?|b)?)$/i,
    said: 'a number of bytes',
    help: 'Write a number with a unit, as 1G, or -1 for no limit.',
  },
  restart: {
    pattern: /^(?:no|always|unless-stopped|on-failure(?::\d+)?)$/,
    said: 'a restart policy',
    help: 'Write no, always, unless-stopped, on-failure or on-failure:5.',
  },
} as const satisfies Record<string, { pattern: RegExp; said: string; help: string }>

const update: readonly (readonly [string, Form])[] = [
  ['delay', 'duration'],
  ['monitor', 'duration'],
]
const places: readonly (readonly [Path, Form])[] = [
  [['restart'], 'restart'],
  ...['interval', 'timeout', 'start_period', 'start_interval'].map(
    (key) => [['healthcheck', key], 'duration'] as const,
  ),
  [['healthcheck', 'retries'], 'count'],
  [['cpus'], 'number'],
  ...['mem_limit', 'mem_reservation', 'shm_size'].map((key) => [[key], 'size'] as const),
  [['memswap_limit'], 'swap'],
  [['pids_limit'], 'processes'],
  [['build', 'shm_size'], 'size'],
  [['deploy', 'replicas'], 'count'],
  ...['limits', 'reservations'].flatMap((part) => [
    [['deploy', 'resources', part, 'cpus'], 'number'] as const,
    [['deploy', 'resources', part, 'memory'], 'size'] as const,
    [['deploy', 'resources', part, 'pids'], 'processes'] as const,
  ]),
  ...['update_config', 'rollback_config'].flatMap((part) =>
    update.map(([key, form]) => [['deploy', part, key], form] as const),
  ),
  [['deploy', 'restart_policy', 'delay'], 'duration'],
  [['deploy', 'restart_policy', 'window'], 'duration'],
]

export const valueFormat: Rule<ComposeFile> = {
  id: 'compose/value-format',
  kind: 'invalid',
  summary: 'A duration, size or number that cannot be read',
  why: 'Compose refuses the whole file, or the engine the container.',
  help: 'Write it in the form that the Compose specification has for it.',
  references: ['Compose spec, "Specifying durations"', 'Compose spec, "Specifying byte values"'],
  bad: { services: { app: { image: 'app:1', stop_grace_period: '10 seconds' } } },
  good: { services: { app: { image: 'app:1', stop_grace_period: '10s' } } },
  *check(document) {
    for (const { name, service, path } of eachService(document.data)) {
      for (const [keys, form] of placesOf(service)) {
        const text = resolve(at(service, keys))
        if (!isKnown(text) || fits(text, form, document)) continue
        const { said, help } = forms[form]
        const message = `${keys.join('.')} of ${name} is ${JSON.stringify(text)}, which is not ${said}`
        yield { path: [...path, ...keys], message, help }
      }
    }
  },
}

type Scalar = string | number | null | undefined

/** The places at which the service says something. */
function* placesOf(service: Service): Iterable<readonly [Path, Form]> {
  // A negative one is no mistake: the engine waits for ever.
  if (typeof service.stop_grace_period === 'string' && service.stop_grace_period[0] !== '-') {
    yield [['stop_grace_period'], 'duration']
  }
  for (const place of places) {
    const value = at(service, place[0])
    if (value !== undefined && value !== null) yield place
  }
}

function at(service: Service, keys: Path): Scalar {
  let node: unknown = service
  for (const key of keys) {
    if (typeof node !== 'object' || node === null) return undefined
    node = (node as Record<string | number, unknown>)[key]
  }
  return typeof node === 'string' || typeof node === 'number' ? node : undefined
}

function fits(text: string, form: Form, document: Document<ComposeFile>): boolean {
  // An empty default is the program's own.
  if (text === '') return form !== 'duration'
  if (!forms[form].pattern.test(text)) return false
  if (form === 'duration')
    return !(isSwarm(document) && /[dw]/.test(text)) && hours(text) < 2_562_047
  // The engine counts bytes in 63 bits.
  if (form === 'size') return bytesOf(text) < 2 ** 63
  return true
}

const unit: Readonly<Record<string, number>> = { h: 1, d: 24, w: 168 }

/** Roughly, in hours: a duration is nanoseconds in 63 bits. */
function hours(text: string): number {
  let all = 0
  for (const [, count, of] of text.matchAll(/([\d.]+)(ms|[a-zµ]+)/g)) {
    all += Number(count) * (unit[of!] ?? (of === 'm' ? 1 / 60 : of === 's' ? 1 / 3600 : 0))
  }
  return all
}

function bytesOf(text: string): number {
  const [, count, letter = 'b'] = /^([\d.e+]+?) ?([bkmgtp])?i?b?$/i.exec(text) ?? []
  return Number(count) * 1024 ** 'bkmgtp'.indexOf(letter.toLowerCase())
}
