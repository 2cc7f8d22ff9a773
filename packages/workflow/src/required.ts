import { always } from './context.ts'
import type { JobValue, Machine } from './job.ts'
import { job } from './job.ts'
import { run } from './step.ts'

/**
 * The one job that a branch protection or merge queue requires: it runs always, and succeeds only
 * when every other did. A skipped job counts as a success to GitHub; here it does not.
 *
 * @example
 * workflow('.github/workflows/ci.yml', {
 *   on: { pull_request: null, merge_group: null },
 *   jobs: [required('gate', [compile, unit, dialyzer])],
 * })
 */
export function required(
  id: string,
  jobs: readonly [JobValue, ...JobValue[]],
  options: { readonly name?: string; readonly 'runs-on'?: Machine } = {},
): JobValue<never> {
  const results = jobs.map((one, index) => [`RESULT_${index + 1}`, one] as const)
  const lines = results.map(([name, one]) => `check ${one.id} "$${name}"`)
  return job(id, {
    ...(options.name !== undefined && { name: options.name }),
    'runs-on': options['runs-on'] ?? 'ubuntu-24.04',
    needs: jobs,
    if: always(),
    'timeout-minutes': 5,
    steps: [
      run([...script, ...lines, 'exit "$failed"', ''].join('\n'), {
        name: 'Every job succeeded',
        env: Object.fromEntries(results.map(([name, one]) => [name, one.result])),
      }),
    ],
  })
}

const script = [
  'failed=0',
  'check() {',
  '  printf \'%s: %s\\n\' "$1" "$2"',
  '  if [[ $2 != success ]]; then',
  '    printf \'::error title=%s::%s\\n\' "$1" "$2"',
  '    failed=1',
  '  fi',
  '}',
]
