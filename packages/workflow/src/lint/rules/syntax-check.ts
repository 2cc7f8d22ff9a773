import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { validateDocument } from '../../schema/validate-document.ts'
import { workflowSchema } from '../../schema/workflow.ts'
import { withJob } from '../example.ts'

export const syntaxCheck: Rule<WorkflowFile> = {
  id: 'workflow/syntax-check',
  kind: 'invalid',
  summary: 'Invalid workflow syntax',
  why: 'GitHub rejects the file, or never starts the workflow.',
  hint: 'Fix the key: see the workflow syntax.',
  references: ['actionlint syntax-check', 'actionlint events', 'actionlint permissions'],
  bad: withJob({ 'continue-on-error': 'yes' as never }),
  good: withJob({ 'continue-on-error': true }),
  *check({ data }) {
    for (const { path, message, hint, code } of validateDocument(workflowSchema, data)) {
      const at = code === 'missing' ? path.slice(0, -1) : path
      const name = path.findLast((key) => typeof key === 'string')
      const subject = code === 'invalid' ? `${name}: ${message}` : `${message} \`${name}\``
      yield { path: at, message: path.length === 0 ? message : subject, hint }
    }
  },
}
