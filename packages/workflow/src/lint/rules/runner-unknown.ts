import { findSuggestion, type Rule } from '@erlmcp/core'
import { jobsOf } from '../../model/jobs.ts'
import { labelsOf } from '../../model/labels.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { knownLabels, retiredLabel } from '../../schema/runners.ts'
import { withJob } from '../example.ts'

export const runnerUnknown: Rule<WorkflowFile> = {
  id: 'workflow/runner-unknown',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Misspelt label of a runner',
  why: 'No runner has the label: the job waits for one until it is cancelled.',
  hint: 'Use a label of GitHub; suppress this rule for a similar label of your own.',
  references: ['actionlint runner-label'],
  bad: withJob({
    'runs-on': '${{ matrix.os }}',
    strategy: { matrix: { os: ['ubuntu-24.04', 'unbutu-22.04'] } },
  }),
  good: withJob({
    'runs-on': '${{ matrix.os }}',
    strategy: { matrix: { os: ['ubuntu-24.04', 'arc-runner-set'] } },
  }),
  *check({ data }) {
    for (const place of jobsOf(data)) {
      for (const { label, path } of labelsOf(place)) {
        const word = label.toLowerCase()
        if (knownLabels.includes(word) || retiredLabel.test(word) || word.length < 5) continue
        const suggestion = findSuggestion(word, knownLabels)
        if (suggestion === undefined) continue
        const message = `unknown runner label ${label} of the job ${place.id}`
        yield { path, message, hint: `Did you mean \`${suggestion}\`?` }
      }
    }
  },
}
