import type { Rule } from '@erlmcp/core'
import { expressionsOf, nodesIn } from '../../model/expressions.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { findContexts, isLimited } from '../../schema/find-contexts.ts'
import { withSteps } from '../example.ts'

export const contextUnavailable: Rule<WorkflowFile> = {
  id: 'workflow/context-unavailable',
  kind: 'invalid',
  summary: 'Context or function that is not available',
  why: 'GitHub rejects the file.',
  hint: 'Secrets are available in `env` and `with`, not in conditions; `env` is available in steps.',
  references: ['actionlint expression', 'Contexts reference'],
  bad: withSteps({ run: 'make', if: "secrets.TOKEN != ''" }),
  good: withSteps({ run: 'make', env: { TOKEN: '${{ secrets.TOKEN }}' }, if: 'always()' }),
  *check({ data }) {
    for (const { path, node, code, isWhole } of expressionsOf(data)) {
      const allowed = findContexts(path)
      if (!allowed) continue
      // GitHub evaluates a quoted text everywhere.
      if (isWhole && node?.kind === 'literal' && typeof node.value === 'string') continue
      if (allowed.length === 0) {
        const message = `${path.join('.')} takes no expression, got ${code}`
        yield { path, message, hint: 'Write the value itself there.' }
        continue
      }
      for (const one of node ? nodesIn(node) : []) {
        const name = one.kind === 'context' ? one.name : one.kind === 'call' ? one.name : undefined
        const limited = one.kind === 'context' || isLimited(name ?? '')
        if (name === undefined || !limited || allowed.includes(name.toLowerCase())) continue
        yield { path, message: `${name} is not available at ${path.join('.')}` }
      }
    }
  },
}
