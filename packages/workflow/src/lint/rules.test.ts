import { check, type Document, isolatedContext, type Rule } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { printWorkflow } from '../print.ts'
import type { WorkflowFile } from '../schema/document.gen.ts'
import { rules } from './rules.gen.ts'

function judge(rule: Rule<WorkflowFile>, data: WorkflowFile) {
  const format = { name: 'workflow', rules: [rule], print: () => '' }
  const document = { path: '.github/workflows/ci.yml', format, data } as Document
  return check(document, isolatedContext(document))
}

describeRules({
  format: 'workflow',
  folder: `${import.meta.dirname}/rules`,
  rules,
  judge,
  print: (data) => printWorkflow(data),
})
