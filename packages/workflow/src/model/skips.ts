import { parseExpression } from '../expression/parse.ts'
import { scan } from '../expression/scan.ts'
import { statusFunctions } from '../schema/contexts.ts'
import { nodesIn } from './expressions.ts'
import { type JobPlace, needsOf } from './jobs.ts'

/** A job that may be skipped, and the one whose condition decides it. */
export interface Skip {
  readonly job: JobPlace
  readonly decidedBy: JobPlace
}

/** The code of a condition without its braces; undefined where it is missing or not text. */
export function conditionOf({ job }: JobPlace): string | undefined {
  if (typeof job.if !== 'string') return undefined
  const pieces = scan(job.if)
  const [inner] = pieces.filter(({ kind }) => kind === 'expression')
  return (inner?.text ?? job.if).trim()
}

/** The status functions of a condition: they replace the implicit `success()`. */
function statusIn(code: string | undefined): readonly string[] {
  if (code === undefined) return []
  try {
    const calls = [...nodesIn(parseExpression(code))].flatMap((one) =>
      one.kind === 'call' ? [one.name.toLowerCase()] : [],
    )
    return calls.filter((name) => statusFunctions.some((one) => one === name))
  } catch {
    return []
  }
}

// With these conditions a job runs whatever the results of others are.
const runsAnyway =
  /^(?:always\(\)|!\s*cancelled\(\)|true|success\(\)|success\(\)\s*\|\|\s*failure\(\))$/i

/** Whether its own condition may skip it although nothing failed. */
export function isConditional(place: JobPlace): boolean {
  if (place.job.if === false) return true
  const code = conditionOf(place)
  return code !== undefined && code !== '' && !runsAnyway.test(code)
}

/** Whether it is skipped when a job that it needs was skipped. */
export function followsNeeds(place: JobPlace): boolean {
  return statusIn(conditionOf(place)).every((name) => name === 'success')
}

/** The condition that may skip a job: its own, or one of a job that it needs. */
export function skipOf(
  place: JobPlace,
  jobs: ReadonlyMap<string, JobPlace>,
  seen: ReadonlySet<string> = new Set(),
): Skip | undefined {
  if (isConditional(place)) return { job: place, decidedBy: place }
  if (!followsNeeds(place) || seen.has(place.id)) return undefined
  for (const id of needsOf(place.job)) {
    const need = jobs.get(id.toLowerCase())
    const skip = need && skipOf(need, jobs, new Set([...seen, place.id]))
    if (skip) return { job: place, decidedBy: skip.decidedBy }
  }
  return undefined
}
