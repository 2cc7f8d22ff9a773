import type { Rule } from '@erlmcp/core'
import { isMap, runsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

function shellIn(defaults: unknown): string | undefined {
  const run: unknown = isMap(defaults) ? defaults.run : undefined
  const shell: unknown = isMap(run) ? run.shell : undefined
  return typeof shell === 'string' ? shell : undefined
}

export const pipeWithoutPipefail: Rule<WorkflowFile> = {
  id: 'workflow/pipe-without-pipefail',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Pipe without pipefail',
  why: 'Without `shell: bash` GitHub runs bash without pipefail: `make test | tee log` succeeds when the tests fail.',
  hint: 'Set `shell: bash`, best once, under `defaults`.',
  references: ['Guide G4'],
  bad: withSteps({ run: 'make test | tee test.log' }),
  good: {
    ...withSteps({ run: 'make test | tee test.log' }),
    defaults: { run: { shell: 'bash' } },
  },
  *check({ data }) {
    const top = shellIn(data.defaults)
    for (const { path, script, step, job } of runsOf(data)) {
      const shell = step.shell ?? shellIn(job.job.defaults) ?? top
      if (shell === 'bash' || /pipefail|pwsh|powershell|cmd|python/.test(shell ?? '')) continue
      if (/set -[a-z]*o pipefail/.test(script) || /windows/.test(String(job.job['runs-on'])))
        continue
      const pipe = /^[^#\n]*[^|\n]\|\s*(tee)\b/m.exec(script)
      if (!pipe) continue
      const message = `the exit code before | ${pipe[1]} is lost`
      yield { path: [...path, 'run'], message }
    }
  },
}
