import type { Healthcheck } from './document.ts'

const units = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/**
 * Milliseconds of a duration such as `1m30s` (Compose spec, "Specifying durations"); undefined when
 * it is none, or a variable.
 */
export function milliseconds(duration: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/.test(duration)) return undefined
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)
  return [...parts].reduce((sum, [, n, unit]) => sum + Number(n) * units[unit as 's'], 0)
}

/**
 * Milliseconds after which a container that stopped working is unhealthy, at the latest: as many
 * checks in a row fail as `retries` says, each after its interval and only when its time is over.
 * Undefined when it is not known without the environment.
 */
export function noticedAfter(check: Healthcheck): number | undefined {
  const { interval = '30s', timeout = '30s', retries = 3 } = check
  const each = [milliseconds(interval), milliseconds(timeout)]
  const times = Number(retries)
  if (each.includes(undefined) || !(times >= 0)) return undefined
  return (times || 3) * (each[0]! + each[1]!)
}
