import type { Rule } from '@erlmcp/core'
import { codeIn } from '../../model/code.ts'
import { pathsIn } from '../../model/expressions.ts'
import { isSafeValue, isUntrusted } from '../../model/untrusted-input.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const expressionInScript: Rule<WorkflowFile> = {
  id: 'workflow/expression-in-script',
  kind: 'insecure',
  severity: 'note',
  summary: 'Expression in a script',
  why: 'Its value becomes part of the script: quotes and line breaks in it change what runs.',
  hint: 'Pass it in `env`, and read "$NAME" in the shell.',
  references: ['zizmor template-injection'],
  bad: withSteps({ run: 'make ${{ vars.TARGET }}' }),
  good: withSteps({ run: 'make "$TARGET"', env: { TARGET: '${{ vars.TARGET }}' } }),
  *check({ data }) {
    for (const { path, code, node } of codeIn(data)) {
      const paths = node ? pathsIn(node) : []
      // Another rule reports untrusted input.
      if (paths.some(isUntrusted) || paths.every(isSafeValue)) continue
      yield { path, message: `a script contains the expression ${code}` }
    }
  },
}
