const hour = 3_600_000
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: hour,
  d: 24 * hour,
  w: 168 * hour,
}

// Go's time.ParseDuration, with the days and weeks that Compose adds.
const pattern = /^\+?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w))+)$/

/** Nanoseconds in 63 bits. */
const longest = 2_562_047 * hour

/**
 * The milliseconds of a duration (Compose spec, "Specifying durations"); `undefined` for a text
 * that is not one.
 *
 * @example parseDuration('1m30s') // 90_000
 */
export function parseDuration(text: string): number | undefined {
  if (!pattern.test(text)) return undefined
  let sum = 0
  for (const [, count, unit] of text.matchAll(/([\d.]+)(ns|us|µs|ms|[smhdw])/g)) {
    sum += Number(count) * units[unit!]!
  }
  return sum < longest ? sum : undefined
}
