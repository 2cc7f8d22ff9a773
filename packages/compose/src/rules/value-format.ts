import type { Document, Path, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { isSwarm } from './reading/dialect.ts'
import { eachService } from './reading/each-service.ts'
import { isKnown, resolve } from './reading/resolve.ts'

type Form = keyof typeof forms

// Go's time.ParseDuration, which Compose lets have days and weeks; go-units' RAMInBytes;
// strconv.ParseFloat and ParseInt. Negative ones are read, and then refused by the engine.
const duration = {
  pattern: /^\+?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w))+)$/,
  said: 'a duration',
  help: 'Write a number with its unit: 30s, 1m30s, 500ms.',
}
const forms = {
  duration,
  grace: duration,
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

/** By key, the form of what stands there, or of what stands in there. */
type Table = { readonly [key: string]: Form | Table }

const bounds: Table = { cpus: 'number', memory: 'size', pids: 'processes' }
const update: Table = { delay: 'duration', monitor: 'duration' }
const ofService: Table = {
  stop_grace_period: 'grace',
  restart: 'restart',
  healthcheck: {
    interval: 'duration',
    timeout: 'duration',
    start_period: 'duration',
    start_interval: 'duration',
    retries: 'count',
  },
  cpus: 'number',
  mem_limit: 'size',
  mem_reservation: 'size',
  shm_size: 'size',
  memswap_limit: 'swap',
  pids_limit: 'processes',
  build: { shm_size: 'size' },
  deploy: {
    replicas: 'count',
    resources: { limits: bounds, reservations: bounds },
    update_config: update,
    rollback_config: update,
    restart_policy: { delay: 'duration', window: 'duration' },
  },
}

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
    const fits = judge(document)
    for (const { name, service, path } of eachService(document.data)) {
      for (const { keys, text, form } of misfits(service, ofService, fits)) {
        const { said, help } = forms[form]
        const message = `${keys.join('.')} of ${name} is ${JSON.stringify(text)}, which is not ${said}`
        yield { path: [...path, ...keys], message, help }
      }
    }
  },
}

interface Misfit {
  readonly keys: Path
  readonly text: string
  readonly form: Form
}

type Judge = (value: string | number, form: Form) => boolean

const none: readonly Misfit[] = []

/** The values below a node that do not have the form of the table. Nearly always there are none. */
function misfits(node: object, table: Table, fits: Judge): readonly Misfit[] {
  let found = none
  for (const key in table) {
    const form = table[key]!
    const value = (node as Record<string, unknown>)[key]
    if (typeof value === 'string' || typeof value === 'number') {
      if (typeof form === 'object' || fits(value, form)) continue
      found = [...found, { keys: [key], text: resolve(value), form }]
    } else if (typeof form === 'object' && typeof value === 'object' && value !== null) {
      const below = misfits(value, form, fits)
      if (below === none) continue
      found = [...found, ...below.map((one) => ({ ...one, keys: [key, ...one.keys] }))]
    }
  }
  return found
}

/** Services of one file say much the same: each value is looked at once. */
function judge(document: Document<ComposeFile>): Judge {
  const inSwarm = isSwarm(document)
  const seen = new Map<Form, Set<string | number>>()
  for (const form in forms) seen.set(form as Form, new Set())
  return (value, form) => {
    const fine = seen.get(form)!
    if (fine.has(value)) return true
    if (!isOfForm(value, form, inSwarm)) return false
    fine.add(value)
    return true
  }
}

function isOfForm(value: string | number, form: Form, inSwarm: boolean): boolean {
  // Most numbers are as plain as this.
  if (Number.isSafeInteger(value) && Number(value) > 0 && form !== 'duration') {
    return form !== 'restart'
  }
  const text = resolve(value)
  if (!isKnown(text)) return true
  // The engine waits for ever where this is negative.
  if (form === 'grace') {
    return typeof value === 'number' || text[0] === '-' || isOfForm(text, 'duration', inSwarm)
  }
  // An empty default is the program's own.
  if (text === '') return form !== 'duration'
  if (!forms[form].pattern.test(text)) return false
  // Five characters are at most 9999 weeks.
  if (form === 'duration') {
    return !(inSwarm && /[dw]/.test(text)) && (text.length <= 5 || hours(text) < 2_562_047)
  }
  // The engine counts bytes in 63 bits, of which 999p has 60.
  return form !== 'size' || text.length <= 4 || bytesOf(text) < 2 ** 63
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
