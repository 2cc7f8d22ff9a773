import { posix } from 'node:path'
import type { EventsSpec, WorkflowSpec } from '../schema/author.gen.ts'
import { rawExpression, type TextValue } from '../values/expression.ts'
import { unknownKeysOf } from '../values/with-unknown-keys.ts'

// Activity types with new code: only they make an older run of the pull request superfluous.
const newCode = ['opened', 'reopened', 'synchronize']

/**
 * The default concurrency: a new commit of a pull request cancels the run of the previous one. Every
 * other run has a group of its own, because GitHub keeps one waiting run for each group: a shared
 * group would drop pushes, comments, schedules or dispatches.
 *
 * A reusable workflow has none: it sees the event of its caller, so that two calls in one run would
 * share a group, and the second would cancel the first.
 *
 * @returns undefined for a reusable workflow
 */
export function defaultConcurrency(
  path: string,
  on: WorkflowSpec['on'],
): { readonly group: TextValue; readonly 'cancel-in-progress': boolean } | undefined {
  const events = eventNames(on)
  if (events.includes('workflow_call')) return undefined
  const subject = events.includes('pull_request')
    ? pullRequestOr(events, pullRequestTypes(on))
    : undefined
  const parts = [
    `${posix.basename(path)}-`,
    rawExpression('github.event_name'),
    '-',
    rawExpression(subject ?? 'github.run_id'),
  ]
  return { group: { kind: 'text', parts }, 'cancel-in-progress': subject !== undefined }
}

/** The number of a pull request with new code; the id of the run for every other run. */
function pullRequestOr(events: readonly string[], types: readonly string[]): string | undefined {
  const superseded = types.filter((type) => newCode.includes(type))
  if (superseded.length === 0) return undefined
  const conditions = [
    ...(events.length > 1 ? ["github.event_name == 'pull_request'"] : []),
    ...(types.length > superseded.length
      ? [`contains(fromJSON('${JSON.stringify(superseded)}'), github.event.action)`]
      : []),
  ]
  const number = [...conditions, 'github.event.pull_request.number'].join(' && ')
  return conditions.length === 0 ? number : `${number} || github.run_id`
}

/** The activity types of pull requests that start it. */
function pullRequestTypes(on: WorkflowSpec['on']): readonly string[] {
  const { pull_request: filters } = (typeof on === 'object' ? on : {}) as EventsSpec
  return filters?.types === undefined ? newCode : [filters.types].flat()
}

/** The names of the events that start a workflow. */
function eventNames(on: WorkflowSpec['on']): readonly string[] {
  if (typeof on === 'string') return [on]
  return Array.isArray(on) ? on : [...Object.keys(on), ...unknownKeysOf(on)]
}
