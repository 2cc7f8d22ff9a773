import type { Rule } from '@erlmcp/core'
import { expressionsOf, nodesIn } from '../../model/expressions.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const unsoundContains: Rule<WorkflowFile> = {
  id: 'workflow/unsound-contains',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Substring search instead of a list',
  why: "`contains('main develop', github.ref_name)` is also true for `dev`, a name that an attacker can choose.",
  hint: 'Search in a list: contains(fromJSON(\'["main"]\'), …), or compare with ==.',
  references: ['zizmor unsound-contains'],
  bad: withJob({ if: "contains('refs/heads/main refs/heads/next', github.ref)" }),
  good: withJob({ if: "github.ref == 'refs/heads/main'" }),
  *check({ data }) {
    for (const { path, code, node } of expressionsOf(data)) {
      for (const one of node ? nodesIn(node) : []) {
        if (one.kind !== 'call' || one.name.toLowerCase() !== 'contains') continue
        const [text, search] = one.args
        if (text?.kind !== 'literal' || !search || search.kind === 'literal') continue
        yield { path, message: `${code} also matches a part of a name` }
      }
    }
  },
}
