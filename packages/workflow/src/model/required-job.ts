import type { WorkflowFile } from '../schema/document.gen.ts'
import { expressionsOf, pathsIn } from './expressions.ts'
import { type JobPlace, jobsOf, needsOf } from './jobs.ts'
import { conditionOf } from './skips.ts'

/** A job that reports for all that it needs whether they succeeded, for branch protection. */
export interface RequiredJob {
  readonly place: JobPlace
  /** Ids of the jobs that must have succeeded: a skipped one fails the check. */
  readonly strict: readonly string[]
}

/**
 * The jobs of a file that always run and check the results of others in a script, or with
 * re-actors/alls-green.
 */
export function requiredJobsOf(data: WorkflowFile): readonly RequiredJob[] {
  return jobsOf(data).flatMap((place) => {
    if (!/always\(\)|!\s*cancelled\(\)/i.test(conditionOf(place) ?? '')) return []
    const strict = [...byScript(data, place), ...byAction(place)]
    const isVerdict = strict.length > 0 || (checksResults(data, place) && mayFail(place))
    return isVerdict ? [{ place, strict }] : []
  })
}

function resultsOf(data: WorkflowFile, { id }: JobPlace) {
  return expressionsOf(data).flatMap(({ path, node }) => {
    if (path[0] !== 'jobs' || path[1] !== id || path[2] !== 'steps' || !node) return []
    return pathsIn(node)
      .filter(([context, , key]) => context === 'needs' && key === 'result')
      .map(([, need]) => ({ need: need!, path }))
  })
}

/** Whether a script may fail the job; one that only reports the results does not. */
function mayFail({ steps }: JobPlace): boolean {
  return steps.some(({ step }) => /\bexit\s+["$1-9]/.test(String(step.run ?? '')))
}

function checksResults(data: WorkflowFile, place: JobPlace): boolean {
  return resultsOf(data, place).length > 0
}

/** Jobs whose result is in a variable that a script compares with `success` only. */
function byScript(data: WorkflowFile, place: JobPlace): string[] {
  return resultsOf(data, place).flatMap(({ need, path }) => {
    const [, , , step, key, name] = path
    if (key !== 'env' || need === '*') return []
    const script = String(place.steps.find(({ position }) => position === step)?.step.run ?? '')
    if (!/!?==?\s*["']?success\b/.test(script)) return []
    const lines = script
      .split('\n')
      .filter((line) => line.includes(`$${name}`) || line.includes(`\${${name}`))
    return lines.length > 0 && lines.every((line) => !/skipped/.test(line)) ? [need] : []
  })
}

/** re-actors/alls-green fails for a skipped job that is not in `allowed-skips`. */
function byAction({ job, steps }: JobPlace): string[] {
  return steps.flatMap(({ step }) => {
    if (!/^re-actors\/alls-green@/i.test(String(step.uses ?? ''))) return []
    const given = (step.with ?? {}) as Readonly<Record<string, unknown>>
    const allowed = String(given['allowed-skips'] ?? '')
    if (allowed.includes('${{')) return []
    const names = allowed.split(/[\s,]+/)
    return needsOf(job).filter((id) => !names.includes(id))
  })
}
