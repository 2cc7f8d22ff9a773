import type { Rule } from '@erlmcp/core'
import { calledFile } from '../../model/called-workflow.ts'
import { isMap, jobsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

/** The group of a workflow or job, normalized for comparison. */
function groupOf(concurrency: unknown): string | undefined {
  const group = isMap(concurrency) ? concurrency.group : concurrency
  if (typeof group !== 'string') return undefined
  const text = group.replaceAll(
    /\$\{\{\s*([^}]*?)\s*\}\}/g,
    (_, code: string) => `\${{${code.replaceAll(/\s+/g, ' ')}}}`,
  )
  // A value that differs between jobs or calls makes another group.
  return /\$\{\{[^}]*\b(?:matrix|strategy|inputs|needs)\b/.test(text)
    ? undefined
    : text.toLowerCase()
}

const group = 'ci-${{ github.ref }}'

export const concurrencyDeadlock: Rule<WorkflowFile> = {
  id: 'workflow/concurrency-deadlock',
  kind: 'breaks',
  summary: 'Concurrency group that contains its own run',
  why: 'A job or called workflow in the group of its own run waits for it or cancels it, and GitHub ends the run.',
  hint: 'Use another group: begin its name with that of the file or job.',
  references: ['Workflow syntax, concurrency'],
  bad: { ...withJob({ concurrency: group }), concurrency: { group } },
  good: { ...withJob({ concurrency: `build-${group}` }), concurrency: { group } },
  *check(document, context) {
    const { data } = document
    const outer = groupOf(data.concurrency)
    for (const { id, job, path } of jobsOf(data)) {
      const own = groupOf(job.concurrency)
      if (own !== undefined && own === outer) {
        yield {
          path: [...path, 'concurrency'],
          message: `the job ${id} uses the concurrency group of its workflow`,
        }
      }
      const file = job.uses === undefined ? undefined : calledFile(job.uses, document, context)
      if (!file || file === data) continue
      const inner = [file.concurrency, ...jobsOf(file).map((place) => place.job.concurrency)].map(
        groupOf,
      )
      const shared = inner.find((one) => one !== undefined && (one === outer || one === own))
      if (shared === undefined) continue
      const message = `${job.uses}, called by the job ${id}, uses the concurrency group of its caller: ${shared}`
      yield { path: [...path, 'uses'], message }
    }
  },
}
