import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { runsOf } from '../model/jobs.ts'

// Cleaning up what may not be there is no check.
const clean =
  /^\s*(?:sudo )?(?:rm|docker (?:compose )?(?:rm|stop|kill|down|logs)|kill|pkill|umount)\b/

export const failureSwallowed: Rule<WorkflowFile> = {
  id: 'workflow/failure-swallowed',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A command that cannot fail',
  why: '`|| true` and its kin make every failure a success.',
  hint: 'Take it away; or say which exit code is good: `|| [ $? -eq 1 ]`.',
  references: ['Guide G4'],
  bad: withSteps({ run: 'make test || true' }),
  good: withSteps({ run: 'make test' }),
  *check({ data }) {
    for (const { path, script } of runsOf(data)) {
      for (const line of script.split('\n')) {
        const found =
          /^(?!\s*#).*?(\|\|\s*(?:true|:|echo\b.*|exit 0)|;\s*(?:true|exit 0))\s*$/.exec(line)
        const off = /^\s*set \+e\b/.exec(line)?.[0]
        const message = found?.[1] ?? off
        if (message === undefined || clean.test(line)) continue
        yield {
          path: [...path, 'run'],
          message: `${JSON.stringify(message.trim())} hides a failure`,
        }
      }
    }
  },
}
