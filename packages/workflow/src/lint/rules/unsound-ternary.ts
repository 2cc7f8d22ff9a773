import type { Rule } from '@erlmcp/core'
import { expressionsOf, nodesIn } from '../../model/expressions.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const unsoundTernary: Rule<WorkflowFile> = {
  id: 'workflow/unsound-ternary',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Ternary whose first value is false',
  why: "`a && '' || b` is always b: an empty text, 0 and false are false.",
  hint: "Invert it: !a && b || '', or use case(…).",
  references: ['zizmor unsound-ternary'],
  bad: withSteps({ run: 'make', env: { FLAG: "${{ github.ref_protected && '' || '--dev' }}" } }),
  good: withSteps({
    run: 'make',
    env: { FLAG: "${{ github.ref_protected && '--prod' || '--dev' }}" },
  }),
  *check({ data }) {
    for (const { path, code, node } of expressionsOf(data)) {
      for (const one of node ? nodesIn(node) : []) {
        if (one.kind !== 'binary' || one.sign !== '||' || one.left.kind !== 'binary') continue
        const { sign, right } = one.left
        if (sign !== '&&' || right.kind !== 'literal' || right.value) continue
        yield { path, message: `${code} is never ${JSON.stringify(right.value)}` }
      }
    }
  },
}
