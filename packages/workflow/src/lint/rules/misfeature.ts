import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../model/example.ts'
import { inputOf, runsOf, usesOf } from '../model/jobs.ts'

export const misfeature: Rule<WorkflowFile> = {
  id: 'workflow/misfeature',
  kind: 'insecure',
  severity: 'note',
  summary: 'A feature that its makers advise against',
  why: '`pip-install` of setup-python installs into the whole machine; cmd has no way to end at an error.',
  hint: 'Install into a virtual environment, in a step of your own; take pwsh or bash.',
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
      yield { path: [...path, 'with', 'pip-install'], message: 'pip-install is for no workflow' }
    }
    for (const { step, path } of runsOf(data)) {
      if (!/^cmd\b/.test(step.shell ?? '')) continue
      yield { path: [...path, 'shell'], message: 'cmd goes on after an error' }
    }
  },
}
