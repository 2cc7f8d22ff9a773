import { findSuggestion, type Rule } from '@erlmcp/core'
import { activities } from '../../document/activities.ts'
import type { WorkflowFile } from '../../document.ts'
import { withSteps } from '../model/example.ts'
import { eventsOf, listOf } from '../model/jobs.ts'

const known: Readonly<Record<string, readonly string[]>> = activities

export const eventTypeUnknown: Rule<WorkflowFile> = {
  id: 'workflow/event-type-unknown',
  kind: 'invalid',
  summary: 'An activity that the event does not have',
  why: 'The workflow never starts for it.',
  hint: 'See "Events that trigger workflows" for the activities of each event.',
  references: ['actionlint events'],
  bad: { ...withSteps({ run: 'make' }), on: { pull_request: { types: ['open' as 'opened'] } } },
  good: { ...withSteps({ run: 'make' }), on: { pull_request: { types: ['opened'] } } },
  *check({ data }) {
    for (const [event, { types }] of eventsOf(data)) {
      const all = Object.hasOwn(known, event) ? known[event]! : undefined
      for (const [index, type] of (all ? listOf(types) : []).entries()) {
        if (all!.includes(type)) continue
        const meant = findSuggestion(type, all!)
        yield {
          path: ['on', event, 'types', ...(Array.isArray(types) ? [index] : [])],
          message: `${event} has no activity ${JSON.stringify(type)}`,
          hint: meant ? `Did you mean '${meant}'?` : `It has ${all!.join(', ')}.`,
        }
      }
    }
  },
}
