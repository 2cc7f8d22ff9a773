import type { Path, Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../document.ts'
import { withJob, withSteps } from './reading/example.ts'
import { eventsOf, isMap, jobsOf, runsOf } from './reading/jobs.ts'

/** What GitHub, or who wrote it, cannot do without, wherever there is nothing in it. */
function* emptyIn(data: WorkflowFile): Iterable<Path> {
  if (isNothing(data.on)) yield ['on']
  for (const [event, filters] of isMap(data.on) ? eventsOf(data) : []) {
    if (isNothing((data.on as Record<string, unknown>)[event]) && event === 'schedule') {
      yield ['on', event]
    }
    for (const [key, list] of Object.entries(filters)) {
      if (Array.isArray(list) && list.length === 0) yield ['on', event, key]
    }
  }
  for (const { job, path } of jobsOf(data)) {
    const matrix = isMap(job.strategy) ? job.strategy.matrix : undefined
    const at = [...path, 'strategy', 'matrix']
    if (isMap(matrix) && isNothing(matrix)) yield at
    for (const [key, values] of isMap(matrix) ? Object.entries(matrix) : []) {
      if (Array.isArray(values) && values.length === 0) yield [...at, key]
    }
  }
  for (const { script, path } of runsOf(data)) if (script.trim() === '') yield [...path, 'run']
}

function isNothing(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

export const sectionEmpty: Rule<WorkflowFile> = {
  id: 'workflow/section-empty',
  kind: 'invalid',
  summary: 'A section with nothing in it',
  why: 'GitHub refuses the file, starts nothing, or runs nothing.',
  help: 'Say what belongs there, or leave the section out.',
  references: ['actionlint syntax-check'],
  bad: withJob({ strategy: { matrix: { otp: [] } } }),
  good: withSteps({ run: 'make' }),
  *check({ data }) {
    for (const path of emptyIn(data)) {
      yield { path, message: `there is nothing in ${path.join('.')}` }
    }
  },
}
