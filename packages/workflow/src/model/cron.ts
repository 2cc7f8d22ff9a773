interface Field {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Names for numbers, beginning at `from`. */
  readonly words?: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: months },
  {
    name: 'day of the week',
    from: 0,
    to: 7,
    words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
]

/** Whether the IANA Time Zone Database has the zone. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** The fault of a cron expression, if it has one (POSIX crontab; at most every 5 minutes). */
export function validateCron(cron: string): string | undefined {
  const parts = cron.trim().split(/\s+/)
  if (parts.length !== 5) return `expected 5 fields, got ${parts.length}`
  for (const [index, part] of parts.entries()) {
    const field = fields[index]!
    const values = part.split(',').map((one) => valuesOf(one, field))
    if (values.includes(undefined)) return `invalid ${field.name} ${part}`
    if (index === 0 && closest(values.flat() as number[]) < 5) {
      return 'GitHub runs schedules at most every 5 minutes'
    }
  }
  return undefined
}

/** The numbers of `1`, `1-5`, `*` or `2-10/2`. */
function valuesOf(text: string, field: Field): number[] | undefined {
  const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/i.exec(text)
  if (!match) return undefined
  const step = Number(match[3] ?? 1)
  const from = match[1] === undefined ? field.from : numberOf(match[1], field)
  // `5/15` continues to the end.
  const open = match[1] === undefined || match[3] !== undefined ? field.to : from
  const to = match[2] === undefined ? open : numberOf(match[2], field)
  if (from === undefined || to === undefined || from > to || step < 1) return undefined
  return Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, index) => from + index * step,
  )
}

function numberOf(text: string, { from, to, words = [] }: Field): number | undefined {
  const word = words.indexOf(text.toLowerCase())
  const value = word >= 0 ? from + word : /^\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= from && value <= to ? value : undefined
}

/** The fewest minutes between two runs. */
function closest(minutes: readonly number[]): number {
  const sorted = [...new Set(minutes)].sort((a, b) => a - b)
  const context = [...sorted, (sorted[0] ?? 0) + 60]
  return Math.min(...sorted.map((minute, index) => context[index + 1]! - minute))
}
