import type { Rule } from '@erlmcp/core'
import { scan } from '../../expression/scan.ts'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const unsoundCondition: Rule<WorkflowFile> = {
  id: 'workflow/unsound-condition',
  kind: 'breaks',
  summary: 'Condition that is always true',
  why: 'Text beside the braces makes the whole condition text, and every non-empty text is true.',
  hint: 'Remove the braces, and the line break at the end: `if: |-`.',
  references: ['zizmor unsound-condition', 'actionlint if-cond'],
  bad: withSteps({ run: 'make', if: "${{ github.ref == 'refs/heads/main' }}\n" }),
  good: withSteps({ run: 'make', if: "${{ github.ref == 'refs/heads/main' }}" }),
  *check({ data }) {
    for (const { job, path, steps } of jobsOf(data)) {
      for (const one of [
        { if: job.if, path },
        ...steps.map(({ step, path }) => ({ ...step, path })),
      ]) {
        const condition = one.if
        if (typeof condition !== 'string') continue
        const pieces = scan(condition)
        const isTextValue = pieces.some(({ kind }) => kind === 'text')
        if (!isTextValue || !pieces.some(({ kind }) => kind === 'expression')) continue
        const message = `the condition ${JSON.stringify(condition)} is text, which is always true`
        yield { path: [...one.path, 'if'], message }
      }
    }
  },
}
