import { posix } from 'node:path'
import { rawExpression, type TextValue } from '../values/expression.ts'
import { eventsOf } from '../values/validate-on.ts'
import type { WorkflowSpec } from '../values/workflow.ts'

// What an older run loses to a newer one of the same pull request: these say that its code is
// another. Every other activity (labels, reviews, closing) is about something else.
const aboutCode = ['opened', 'reopened', 'synchronize']

/**
 * The default concurrency: a newer commit of a pull request cancels the run of the older one. Every
 * other run has a group of its own, so that no push, comment, schedule or dispatch is ever cancelled
 * or replaced while it waits: GitHub keeps one waiting run for each group.
 *
 * A called workflow has none: it sees the event of its caller, and two calls in one run would be of
 * one group, of which the second cancels the first.
 *
 * @returns undefined for a workflow that is called
 */
export function defaultConcurrency(
  path: string,
  on: WorkflowSpec['on'],
): { readonly group: TextValue; readonly 'cancel-in-progress': boolean } | undefined {
  const events = eventsOf(on)
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

/** The number of a pull request whose code is another, and for every other run one of its own. */
function pullRequestOr(events: readonly string[], types: readonly string[]): string | undefined {
  const superseded = types.filter((type) => aboutCode.includes(type))
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

/** The activities of pull requests that start it. */
function pullRequestTypes(on: WorkflowSpec['on']): readonly string[] {
  const narrowed = typeof on === 'object' && 'pull_request' in on ? on.pull_request : undefined
  return narrowed?.types === undefined ? aboutCode : [narrowed.types].flat()
}
