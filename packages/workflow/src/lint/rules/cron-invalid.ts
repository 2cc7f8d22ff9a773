import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { isTimezone, validateCron } from '../model/cron.ts'
import { withSteps } from '../model/example.ts'
import { isMap } from '../model/jobs.ts'

export const cronInvalid: Rule<WorkflowFile> = {
  id: 'workflow/cron-invalid',
  kind: 'invalid',
  summary: 'A time of a schedule that is none',
  why: 'GitHub refuses the file, or never starts the workflow.',
  hint: 'Write minute, hour, day of month, month and day of week; every five minutes is the most.',
  references: ['actionlint events'],
  bad: { ...withSteps({ run: 'make' }), on: { schedule: [{ cron: '0 25 * * *' }] } },
  good: { ...withSteps({ run: 'make' }), on: { schedule: [{ cron: '0 23 * * 1-5' }] } },
  *check({ data }) {
    const schedule: unknown = isMap(data.on) ? data.on.schedule : undefined
    for (const [index, entry] of (Array.isArray(schedule) ? schedule : []).entries()) {
      const cron: unknown = isMap(entry) ? entry.cron : undefined
      const zone: unknown = isMap(entry) ? entry.timezone : undefined
      if (zone !== undefined && !isTimezone(String(zone))) {
        const message = `there is no timezone ${JSON.stringify(zone)}`
        yield { path: ['on', 'schedule', index], message }
      }
      const problem = typeof cron === 'string' ? validateCron(cron) : 'it has no cron'
      if (problem === undefined) continue
      const path = ['on', 'schedule', index]
      yield { path, message: `${JSON.stringify(cron)} is no time: ${problem}` }
    }
  },
}
