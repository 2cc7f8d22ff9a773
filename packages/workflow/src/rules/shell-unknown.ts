import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../document.ts'
import { withSteps } from './reading/example.ts'
import { runsOf } from './reading/jobs.ts'

const known = /^(?:bash|sh|pwsh|powershell|cmd|python)$/

export const shellUnknown: Rule<WorkflowFile> = {
  id: 'workflow/shell-unknown',
  kind: 'breaks',
  summary: 'A shell that there is not',
  why: 'The step fails before its first line.',
  help: 'Write bash, sh, pwsh, powershell, cmd or python, or a command with {0} for the script.',
  references: ['actionlint shell-name'],
  bad: withSteps({ run: 'make', shell: 'zsh' }),
  good: withSteps({ run: 'make', shell: 'zsh {0}' }),
  *check({ data }) {
    for (const { step, path } of runsOf(data)) {
      const { shell } = step
      if (shell === undefined || known.test(shell) || shell.includes('{0}')) continue
      if (shell.includes('${{')) continue
      yield { path: [...path, 'shell'], message: `there is no shell ${shell}` }
    }
  },
}
