import type { Rule } from '@erlmcp/core'
import { isTimezone, validateCron } from '../../model/cron.ts'
import { isMap } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const cronInvalid: Rule<WorkflowFile> = {
  id: 'workflow/cron-invalid',
  kind: 'invalid',
  summary: 'Invalid time of a schedule',
  why: 'GitHub rejects the file, or never starts the workflow.',
  hint: 'Write minute, hour, day of month, month and day of week, at most every five minutes.',
  references: ['actionlint events'],
  bad: { ...withSteps({ run: 'make' }), on: { schedule: [{ cron: '0 25 * * *' }] } },
  good: { ...withSteps({ run: 'make' }), on: { schedule: [{ cron: '0 23 * * 1-5' }] } },
  *check({ data }) {
    const schedule: unknown = isMap(data.on) ? data.on.schedule : undefined
    for (const [index, entry] of (Array.isArray(schedule) ? schedule : []).entries()) {
      const cron: unknown = isMap(entry) ? entry.cron : undefined
      const zone: unknown = isMap(entry) ? entry.timezone : undefined
      if (zone !== undefined && !isTimezone(String(zone))) {
        const message = `unknown timezone ${JSON.stringify(zone)}`
        yield { path: ['on', 'schedule', index], message }
      }
      const fault = typeof cron === 'string' ? validateCron(cron) : 'expected a text'
      if (fault === undefined) continue
      const path = ['on', 'schedule', index]
      yield { path, message: `invalid cron ${JSON.stringify(cron)}: ${fault}` }
    }
  },
}
