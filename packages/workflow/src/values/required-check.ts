import { type Origin, originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import { always } from './contexts.ts'
import { isExpression } from './expression.ts'
import { job } from './job.ts'
import type { RunnerSelector } from './option-types.ts'
import { run } from './step.ts'
import type { JobValue } from './value-types.ts'

export interface RequiredCheckOptions {
  readonly name?: string
  /** Default: `ubuntu-24.04`. */
  readonly 'runs-on'?: RunnerSelector
  /**
   * Jobs that may be skipped by their own `if`, or by that of a job that they need. Every job that
   * they need is required, too. Default: none, so that a skipped job fails the check.
   */
  readonly skippable?: readonly JobValue[]
}

/**
 * The one job that a branch protection rule or merge queue requires: it always runs, and succeeds
 * only when every other job did. GitHub counts a skipped job as a success; this job does not, unless
 * it is `skippable`.
 *
 * @throws UserError for an unknown option, or a skippable job that is not among the jobs
 * @example
 * const changes = job('changes', { outputs: { docs: … }, … })
 * const docs = job('docs', { if: expr`${changes.outputs.docs} == 'true'`, … })
 * workflow('.github/workflows/ci.yml', {
 *   on: { pull_request: null, merge_group: null },
 *   jobs: [requiredCheck('gate', [compile, unit, docs], { skippable: [docs] })],
 * })
 */
export function requiredCheck(
  id: string,
  jobs: readonly [JobValue, ...JobValue[]],
  options: RequiredCheckOptions = {},
): JobValue<never> {
  const origin = originOf(requiredCheck)
  validateOptions(`requiredCheck ${id}`, options, optionsSchema, origin)
  const skippable = new Set(options.skippable)
  validateSkippable(id, jobs, skippable, origin)
  const all = withDeciders(jobs, skippable)
  const results = all.map((one, index) => [`RESULT_${index + 1}`, one] as const)
  const lines = results.map(
    ([name, one]) => `check ${one.id} "$${name}"${skippable.has(one) ? ' skipped' : ''}`,
  )
  return job(id, {
    ...(options.name !== undefined && { name: options.name }),
    'runs-on': options['runs-on'] ?? 'ubuntu-24.04',
    needs: all,
    if: always(),
    'timeout-minutes': 5,
    steps: [
      run([...script, ...lines, 'exit "$failed"', ''].join('\n'), {
        name: skippable.size > 0 ? 'No job failed' : 'Every job succeeded',
        env: Object.fromEntries(results.map(([name, one]) => [name, one.result])),
      }),
    ],
  })
}

const optionsSchema = schema.object<RequiredCheckOptions>({
  name: schema.string,
  'runs-on': schema.any,
  skippable: schema.list(schema.kind('job')),
})

function validateSkippable(
  id: string,
  jobs: readonly JobValue[],
  skippable: ReadonlySet<JobValue>,
  origin: Origin,
): void {
  const other = [...skippable].find((one) => !jobs.includes(one))
  if (other === undefined) return
  throw new UserError({
    message: `requiredCheck ${id}: the skippable job ${other.id} is not among its jobs`,
    hint: 'Add it to the jobs, or remove it from `skippable`.',
    origin,
  })
}

/**
 * The jobs, and all that the skippable ones need: a skippable job is also skipped when a job that it
 * needs fails, and the check must fail then.
 */
function withDeciders(
  jobs: readonly JobValue[],
  skippable: ReadonlySet<JobValue>,
): readonly JobValue[] {
  const all = new Set(jobs)
  const visit = (one: JobValue): void => {
    for (const need of jobsIn(one.spec)) {
      if (all.has(need)) continue
      all.add(need)
      visit(need)
    }
  }
  for (const one of skippable) visit(one)
  return [...all]
}

/** The jobs that a job needs: those under `needs`, and those whose outputs it uses. */
function* jobsIn(value: unknown): Iterable<JobValue> {
  if (typeof value !== 'object' || value === null) return
  if (isExpression(value)) {
    for (const one of value.references) if (one.kind === 'job') yield one.value as JobValue
  } else if ((value as JobValue).kind === 'job') yield value as JobValue
  else for (const item of Object.values(value)) yield* jobsIn(item)
}

const script = [
  'failed=0',
  'check() {',
  '  printf \'%s: %s\\n\' "$1" "$2"',
  '  if [[ $2 != success && $2 != "${3:-success}" ]]; then',
  '    printf \'::error title=%s::%s\\n\' "$1" "$2"',
  '    failed=1',
  '  fi',
  '}',
]
