import type { Document, Rule, RuleContext } from '@erlmcp/core'
import { calledFile, localPath } from '../../model/called-workflow.ts'
import { jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

const isLocal = (uses: unknown): uses is string =>
  typeof uses === 'string' && /^[.$]\/\.github\/workflows\//.test(uses)

/** Whether a chain of calls comes back to the caller. */
function comesBack(uses: string, caller: Document<WorkflowFile>, context: RuleContext): boolean {
  const seen = new Set<string>()
  const visit = (reference: string): boolean => {
    const path = localPath(reference)
    if (path === caller.path) return true
    if (seen.has(path)) return false
    seen.add(path)
    const file = calledFile(reference, caller, context)
    return (
      file !== undefined && jobsOf(file).some(({ job }) => isLocal(job.uses) && visit(job.uses))
    )
  }
  return visit(uses)
}

export const callTarget: Rule<WorkflowFile> = {
  id: 'workflow/call-target',
  kind: 'invalid',
  summary: 'Call of a missing workflow, or of itself',
  why: 'GitHub rejects the run before a job starts.',
  hint: 'Call a workflow value of the stack, or the path of a file of the repository.',
  references: ['actionlint workflow-call', 'Reuse workflows, "Nesting reusable workflows"'],
  bad: withJobs({ again: { uses: './.github/workflows/ci.yml' } }),
  good: withJobs({ again: { uses: './.github/workflows/other.yml' } }),
  *check(document, context) {
    for (const { job, path } of jobsOf(document.data)) {
      const { uses } = job
      if (!isLocal(uses)) continue
      const file = localPath(uses)
      const at = [...path, 'uses']
      if (comesBack(uses, document, context)) {
        const message = file === document.path ? 'itself' : `${file}, which calls it again`
        yield {
          path: at,
          message: `${document.path} calls ${message}`,
          hint: 'Remove the call.',
        }
      } else if (context.exists(file) === 'none') {
        yield { path: at, message: `missing file ${file}` }
      }
    }
  },
}
