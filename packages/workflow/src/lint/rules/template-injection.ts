import type { Rule } from '@erlmcp/core'
import { codeIn } from '../../model/code.ts'
import { pathsIn } from '../../model/expressions.ts'
import { isUntrusted } from '../../model/untrusted-input.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const templateInjection: Rule<WorkflowFile> = {
  id: 'workflow/template-injection',
  kind: 'insecure',
  severity: 'error',
  summary: 'Untrusted input in a script',
  why: 'An attacker who chooses a title or a branch name writes commands into the script.',
  hint: 'Pass it in `env`, and read "$NAME" in the shell.',
  references: [
    'zizmor template-injection',
    'actionlint expression',
    'Scorecard Dangerous-Workflow',
  ],
  bad: withSteps({ run: 'echo "${{ github.event.issue.title }}"' }),
  good: withSteps({ run: 'echo "$TITLE"', env: { TITLE: '${{ github.event.issue.title }}' } }),
  *check({ data }) {
    for (const { path, code, node } of codeIn(data)) {
      if (!node || !pathsIn(node).some(isUntrusted)) continue
      yield { path, message: `a script contains the untrusted input ${code}` }
    }
  },
}
