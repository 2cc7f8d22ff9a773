import { findSuggestion, type Rule } from '@erlmcp/core'
import { inputsOf } from '../../actions/inputs.ts'
import { pins } from '../../actions/pins.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../model/example.ts'
import { isMap, usesOf } from '../model/jobs.ts'

const ours: ReadonlySet<string> = new Set(Object.values(pins).map(({ sha }) => sha))

export const actionInputUnknown: Rule<WorkflowFile> = {
  id: 'workflow/action-input-unknown',
  kind: 'breaks',
  summary: 'An input that the action does not have',
  why: 'GitHub warns in the log of the run and leaves the input out: the action does something else.',
  hint: 'See the inputs in the action.yml of that version.',
  references: ['actionlint action'],
  bad: withSteps({ uses: `actions/checkout@${commit}`, with: { 'fetch-deph': 0 } }),
  good: withSteps({ uses: `actions/checkout@${commit}`, with: { 'fetch-depth': 0 } }),
  *check({ data }) {
    for (const { step, uses, path } of usesOf(data)) {
      const known = inputsOf(uses.action)?.inputs
      if (!known || !isMap(step.with)) continue
      const names = known.map((name) => name.toLowerCase())
      for (const name of Object.keys(step.with)) {
        if (names.includes(name.toLowerCase())) continue
        const meant = findSuggestion(name, known)
        // Another version may have other inputs; one that looks misspelt is in none.
        if (meant === undefined && !ours.has(uses.ref)) continue
        yield {
          path: [...path, 'with', name],
          message: `${uses.action} has no input ${name}`,
          hint: meant ? `Did you mean \`${meant}\`?` : `It has ${known.join(', ')}.`,
        }
      }
    }
  },
}
