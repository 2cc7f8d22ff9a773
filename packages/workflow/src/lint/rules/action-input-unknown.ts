import { findSuggestion, type Rule } from '@erlmcp/core'
import { inputsOf } from '../../actions/inputs.ts'
import { pins } from '../../actions/pins.ts'
import { isMap, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

const pinnedCommits: ReadonlySet<string> = new Set(Object.values(pins).map(({ sha }) => sha))

export const actionInputUnknown: Rule<WorkflowFile> = {
  id: 'workflow/action-input-unknown',
  kind: 'breaks',
  summary: 'Input that the action does not declare',
  why: 'GitHub logs a warning and ignores the input, so the action behaves differently.',
  hint: 'Use an input of the action.yml of that version.',
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
        const suggestion = findSuggestion(name, known)
        // Another version may have other inputs, but not one that looks misspelt.
        if (suggestion === undefined && !pinnedCommits.has(uses.ref)) continue
        yield {
          path: [...path, 'with', name],
          message: `${uses.action}: unknown input ${name}`,
          hint: suggestion ? `Did you mean \`${suggestion}\`?` : `Use one of ${known.join(', ')}.`,
        }
      }
    }
  },
}
