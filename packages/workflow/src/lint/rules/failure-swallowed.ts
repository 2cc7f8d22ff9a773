import type { Rule } from '@erlmcp/core'
import { runsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

// Cleaning up may fail without harm.
const clean =
  /^\s*(?:sudo )?(?:rm|docker (?:compose )?(?:rm|stop|kill|down|logs)|kill|pkill|umount)\b/

export const failureSwallowed: Rule<WorkflowFile> = {
  id: 'workflow/failure-swallowed',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Command that cannot fail',
  why: '`|| true` turns every failure into a success.',
  hint: 'Remove it, or accept one exit code: `|| [ $? -eq 1 ]`.',
  references: ['Guide G4'],
  bad: withSteps({ run: 'make test || true' }),
  good: withSteps({ run: 'make test' }),
  *check({ data }) {
    for (const { path, script } of runsOf(data)) {
      for (const line of script.split('\n')) {
        const found =
          /^(?!\s*#).*?(\|\|\s*(?:true|:|echo\b.*|exit 0)|;\s*(?:true|exit 0))\s*$/.exec(line)
        const off = /^\s*set \+e\b/.exec(line)?.[0]
        const operator = found?.[1] ?? off
        if (operator === undefined || clean.test(line)) continue
        yield {
          path: [...path, 'run'],
          message: `${JSON.stringify(operator.trim())} hides a failure`,
        }
      }
    }
  },
}
