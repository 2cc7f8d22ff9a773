import type { Rule } from '@erlmcp/core'
import { inputOf, runsOf, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

export const misfeature: Rule<WorkflowFile> = {
  id: 'workflow/misfeature',
  kind: 'insecure',
  severity: 'note',
  summary: '`pip-install` of setup-python, or a step in cmd',
  why: '`pip-install` of setup-python installs into the global environment; cmd cannot fail at the first error.',
  hint: 'Install into a virtual environment, in a step of your own; use pwsh or bash.',
  references: ['zizmor misfeature'],
  bad: withSteps({
    uses: `actions/setup-python@${commit}`,
    with: { 'pip-install': '.' },
  }),
  good: withSteps({ run: 'python -m venv .venv && .venv/bin/pip install .' }),
  *check({ data }) {
    for (const place of usesOf(data)) {
      const { path, uses } = place
      if (uses.action !== 'actions/setup-python') continue
      if (inputOf(place, 'pip-install') === undefined) continue
      yield {
        path: [...path, 'with', 'pip-install'],
        message: 'pip-install installs into the global environment',
      }
    }
    for (const { step, path } of runsOf(data)) {
      if (!/^cmd\b/.test(step.shell ?? '')) continue
      yield { path: [...path, 'shell'], message: 'cmd continues after an error' }
    }
  },
}
