import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { codeIn } from '../model/code.ts'
import { withSteps } from '../model/example.ts'
import { pathsIn } from '../model/expressions.ts'
import { isSafeValue, isUntrusted } from '../model/untrusted-input.ts'

export const expressionInScript: Rule<WorkflowFile> = {
  id: 'workflow/expression-in-script',
  kind: 'insecure',
  severity: 'note',
  summary: 'An expression in a script',
  why: 'Its value becomes a part of the script: quotes and line breaks in it change what runs.',
  hint: 'Give it in `env`, and let the shell read "$NAME".',
  references: ['zizmor template-injection'],
  bad: withSteps({ run: 'make ${{ vars.TARGET }}' }),
  good: withSteps({ run: 'make "$TARGET"', env: { TARGET: '${{ vars.TARGET }}' } }),
  *check({ data }) {
    for (const { path, code, node } of codeIn(data)) {
      const paths = node ? pathsIn(node) : []
      // What a stranger wrote is an error of its own.
      if (paths.some(isUntrusted) || paths.every(isSafeValue)) continue
      yield { path, message: `${code} stands in a script` }
    }
  },
}
