import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { eventsOf, isMap } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const secretUndeclared: Rule<WorkflowFile> = {
  id: 'workflow/secret-undeclared',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Undeclared secret of a reusable workflow',
  why: 'GitHub evaluates it to an empty text, unless the caller inherits all secrets.',
  hint: 'Declare it under `workflow_call`, or fix the name.',
  references: ['actionlint expression'],
  bad: {
    ...withSteps({ run: 'make', env: { TOKEN: '${{ secrets.TOEKN }}' } }),
    on: { workflow_call: { secrets: { TOKEN: { required: true } } } },
  },
  good: {
    ...withSteps({ run: 'make', env: { TOKEN: '${{ secrets.TOKEN }}' } }),
    on: { workflow_call: { secrets: { TOKEN: { required: true } } } },
  },
  *check({ data }) {
    const events = eventsOf(data)
    const declared = events.get('workflow_call')?.secrets
    if (events.size > 1 || !isMap(declared)) return
    const known = new Set(Object.keys(declared).map((name) => name.toLowerCase()))
    for (const { path, node } of expressionsOf(data)) {
      for (const [context, name = '*'] of node ? pathsIn(node) : []) {
        if (context !== 'secrets' || ['*', 'github_token'].includes(name)) continue
        if (!known.has(name)) yield { path, message: `undeclared secret ${name}` }
      }
    }
  },
}
