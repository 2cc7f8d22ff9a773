import type { Rule } from '@erlmcp/core'
import { runsOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const deprecatedCommands: Rule<WorkflowFile> = {
  id: 'workflow/deprecated-commands',
  kind: 'deprecated',
  summary: 'Deprecated workflow command',
  why: 'GitHub disables set-output and save-state step by step; set-env and add-path are disabled.',
  hint: 'Write `name=value` to "$GITHUB_OUTPUT", "$GITHUB_STATE", "$GITHUB_ENV" or "$GITHUB_PATH".',
  references: ['actionlint deprecated-commands'],
  bad: withSteps({ run: 'echo "::set-output name=a::1"' }),
  good: withSteps({ run: 'echo "a=1" >> "$GITHUB_OUTPUT"' }),
  *check({ data }) {
    for (const { path, script } of runsOf(data)) {
      const command = /::(set-output|save-state|set-env) name=|::(add-path)::/.exec(script)
      if (!command) continue
      yield {
        path: [...path, 'run'],
        message: `deprecated command ${command[1] ?? command[2]}`,
      }
    }
  },
}
