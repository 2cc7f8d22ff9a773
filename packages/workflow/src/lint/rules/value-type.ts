import type { Path, Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../document.ts'
import { withJob } from '../model/example.ts'
import { eventsOf, isMap, jobsOf } from '../model/jobs.ts'

const types: Readonly<Record<string, 'boolean' | 'number'>> = {
  'cancel-in-progress': 'boolean',
  'continue-on-error': 'boolean',
  'fail-fast': 'boolean',
  required: 'boolean',
  'timeout-minutes': 'number',
  'cancel-timeout-minutes': 'number',
  'max-parallel': 'number',
}

/** Every part of a file that has such keys. */
function* partsOf(data: WorkflowFile): Iterable<readonly [Path, unknown]> {
  yield [['concurrency'], data.concurrency]
  for (const [event, { inputs, secrets }] of eventsOf(data)) {
    for (const [key, declared] of Object.entries({ inputs, secrets })) {
      for (const [name, one] of isMap(declared) ? Object.entries(declared) : []) {
        yield [['on', event, key, name], one]
      }
    }
  }
  for (const { job, path, steps } of jobsOf(data)) {
    yield [path, job]
    yield [[...path, 'concurrency'], job.concurrency]
    yield [[...path, 'strategy'], job.strategy]
    for (const { step, path } of steps) yield [path, step]
  }
}

export const valueType: Rule<WorkflowFile> = {
  id: 'workflow/value-type',
  kind: 'invalid',
  summary: 'Text where a switch or a number belongs',
  why: 'GitHub refuses the file.',
  hint: 'Write true or false, or the number, without quotes.',
  references: ['actionlint syntax-check'],
  bad: withJob({ 'continue-on-error': 'yes' as never }),
  good: withJob({ 'continue-on-error': true }),
  *check({ data }) {
    for (const [path, part] of partsOf(data)) {
      for (const [key, type] of isMap(part) ? Object.entries(types) : []) {
        const value = (part as Readonly<Record<string, unknown>>)[key]
        if (value === undefined || value === null || typeof value === type) continue
        if (typeof value === 'string' && value.includes('${{')) continue
        const words = type === 'boolean' ? 'true or false' : 'a number'
        const message = `${key}: expected ${words}, got ${JSON.stringify(value)}`
        yield { path: [...path, key], message }
      }
    }
  },
}
