import type { Rule } from '@erlmcp/core'
import { isMap, jobsOf, runsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

const known = /^(?:bash|sh|pwsh|powershell|cmd|python)$/
const ofWindows = /^(?:powershell|cmd)$/

function findFault(shell: unknown, runner: unknown): string | undefined {
  if (typeof shell !== 'string' || shell.includes('{0}') || shell.includes('${{')) return undefined
  if (!known.test(shell)) return `unknown shell ${shell}`
  const isElsewhere = /^(?:ubuntu|macos)-/.test(String(runner))
  const isMissing = isElsewhere
    ? ofWindows.test(shell)
    : /^windows-/.test(String(runner)) && shell === 'sh'
  return isMissing ? `${shell} is not available on ${runner}` : undefined
}

export const shellUnknown: Rule<WorkflowFile> = {
  id: 'workflow/shell-unknown',
  kind: 'breaks',
  summary: 'Unknown shell',
  why: 'The step fails before its first line.',
  hint: 'Write bash, sh, pwsh, powershell, cmd or python, or a command with {0} for the script.',
  references: ['actionlint shell-name'],
  bad: withSteps({ run: 'make', shell: 'zsh' }),
  good: withSteps({ run: 'make', shell: 'zsh {0}' }),
  *check({ data }) {
    const places = [
      ...runsOf(data).map(({ step, path, job }) => [step.shell, path, job.job] as const),
      ...jobsOf(data).map(
        ({ job, path }) => [shellOf(job.defaults), [...path, 'defaults', 'run'], job] as const,
      ),
      [shellOf(data.defaults), ['defaults', 'run'], undefined] as const,
    ]
    for (const [shell, path, job] of places) {
      const message = findFault(shell, job?.['runs-on'])
      if (message !== undefined) yield { path: [...path, 'shell'], message }
    }
  },
}

function shellOf(defaults: unknown): unknown {
  const run = isMap(defaults) ? defaults.run : undefined
  return isMap(run) ? run.shell : undefined
}
