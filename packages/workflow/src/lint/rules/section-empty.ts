import type { Path, Rule } from '@erlmcp/core'
import { eventsOf, isMap, jobsOf, runsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob, withSteps } from '../example.ts'

/** Every section that must not be empty, and is. */
function* emptyIn(data: WorkflowFile): Iterable<Path> {
  if (isEmpty(data.on)) yield ['on']
  for (const [event, filters] of isMap(data.on) ? eventsOf(data) : []) {
    if (isEmpty((data.on as Record<string, unknown>)[event]) && event === 'schedule') {
      yield ['on', event]
    }
    for (const [key, list] of Object.entries(filters)) {
      if (Array.isArray(list) && list.length === 0) yield ['on', event, key]
    }
  }
  for (const { job, path } of jobsOf(data)) {
    const matrix = isMap(job.strategy) ? job.strategy.matrix : undefined
    const at = [...path, 'strategy', 'matrix']
    if (isMap(matrix) && isEmpty(matrix)) yield at
    for (const [key, values] of isMap(matrix) ? Object.entries(matrix) : []) {
      if (Array.isArray(values) && values.length === 0) yield [...at, key]
    }
  }
  for (const [path, text] of textsIn(data)) if (text === '') yield path
  for (const { script, path } of runsOf(data)) if (script.trim() === '') yield [...path, 'run']
}

/** Texts that GitHub or actionlint requires to be non-empty. */
function* textsIn(data: WorkflowFile): Iterable<readonly [Path, unknown]> {
  yield [['run-name'], data['run-name']]
  yield* groupsIn(data.concurrency, ['concurrency'])
  for (const { job, path, steps } of jobsOf(data)) {
    yield* groupsIn(job.concurrency, [...path, 'concurrency'])
    yield* namesIn(job.environment, [...path, 'environment'], 'name')
    if (isMap(job.environment)) {
      yield [[...path, 'environment', 'url'], job.environment.url]
    }
    yield* namesIn(job.container, [...path, 'container'], 'image')
    const key = 'working-directory'
    for (const one of steps) yield [[...one.path, key], (one.step as { [key]?: unknown })[key]]
    const run = isMap(job.defaults) ? job.defaults.run : undefined
    if (isMap(run)) yield [[...path, 'defaults', 'run', key], run[key]]
  }
}

const groupsIn = (value: unknown, path: Path) => namesIn(value, path, 'group')

function* namesIn(value: unknown, path: Path, key: string): Iterable<readonly [Path, unknown]> {
  yield isMap(value) ? [[...path, key], value[key]] : [path, value]
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

export const sectionEmpty: Rule<WorkflowFile> = {
  id: 'workflow/section-empty',
  kind: 'invalid',
  summary: 'Empty section',
  why: 'GitHub rejects the file, starts nothing, or runs nothing.',
  hint: 'Fill the section, or remove it.',
  references: ['actionlint syntax-check'],
  bad: withJob({ strategy: { matrix: { otp: [] } } }),
  good: withSteps({ run: 'make' }),
  *check({ data }) {
    for (const path of emptyIn(data)) {
      yield { path, message: `${path.join('.')} is empty` }
    }
  },
}
