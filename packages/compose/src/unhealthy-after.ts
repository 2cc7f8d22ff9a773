import { parseDuration } from '@erlmcp/core'
import type { Healthcheck } from './document.ts'

/**
 * Milliseconds after which a container that stopped working is unhealthy, at the latest: `retries`
 * checks in a row fail, each after its interval and its timeout. Undefined where it depends on a
 * variable.
 */
export function unhealthyAfter(check: Healthcheck): number | undefined {
  const { interval = '30s', timeout = '30s', retries = 3 } = check
  const each = [parseDuration(interval), parseDuration(timeout)]
  const times = Number(retries)
  if (each.includes(undefined) || !(times >= 0)) return undefined
  return (times || 3) * (each[0]! + each[1]!)
}
