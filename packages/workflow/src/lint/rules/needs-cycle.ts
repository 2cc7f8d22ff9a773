import type { Rule } from '@erlmcp/core'
import { type JobPlace, jobsOf, needsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

/** One cycle for each group of jobs that need each other. */
function cyclesIn(left: ReadonlySet<string>, jobs: ReadonlyMap<string, JobPlace>): string[][] {
  const seen = new Set<string>()
  const cycles: string[][] = []
  for (const start of left) {
    const way: string[] = []
    let at: string | undefined = start
    while (at !== undefined && !seen.has(at)) {
      seen.add(at)
      way.push(at)
      at = needsOf(jobs.get(at)!.job).find((need) => left.has(need))
    }
    const index = at === undefined ? -1 : way.indexOf(at)
    if (index >= 0) cycles.push(way.slice(index))
  }
  return cycles
}

export const needsCycle: Rule<WorkflowFile> = {
  id: 'workflow/needs-cycle',
  kind: 'invalid',
  summary: 'Jobs that need each other',
  why: 'GitHub rejects the file.',
  hint: 'Remove one of the needs.',
  references: ['actionlint job-needs'],
  bad: withJobs({
    a: { 'runs-on': 'ubuntu-24.04', needs: 'b' },
    b: { 'runs-on': 'ubuntu-24.04', needs: ['a'] },
  }),
  good: withJobs({
    a: { 'runs-on': 'ubuntu-24.04', needs: 'b' },
    b: { 'runs-on': 'ubuntu-24.04' },
  }),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id, place]))
    // Remove jobs without needs until only cycles are left.
    const left = new Set(jobs.keys())
    for (let before = -1; before !== left.size; ) {
      before = left.size
      for (const id of left) {
        if (!needsOf(jobs.get(id)!.job).some((need) => left.has(need))) left.delete(id)
      }
    }
    for (const cycle of cyclesIn(left, jobs)) {
      const [first = ''] = cycle
      yield {
        path: ['jobs', first, 'needs'],
        message: [...cycle, first].join(' needs '),
      }
    }
  },
}
