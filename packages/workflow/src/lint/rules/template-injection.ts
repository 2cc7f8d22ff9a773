import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { codeIn } from '../model/code.ts'
import { withSteps } from '../model/example.ts'
import { pathsIn } from '../model/expressions.ts'
import { isUntrusted } from '../model/untrusted-input.ts'

export const templateInjection: Rule<WorkflowFile> = {
  id: 'workflow/template-injection',
  kind: 'insecure',
  severity: 'error',
  summary: 'Text of a stranger in a script',
  why: 'Whoever writes a title or names a branch writes commands into the script.',
  hint: 'Give it in `env`, and let the shell read "$NAME".',
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
      yield { path, message: `${code} stands in a script, and anybody can write it` }
    }
  },
}
