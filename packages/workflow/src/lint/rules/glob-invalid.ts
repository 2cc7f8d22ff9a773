import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { eventsOf, listOf } from '../model/jobs.ts'

const filterKeys = [
  ...['branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore'],
]

/** What is wrong with a pattern, if anything is. */
function validateGlob(pattern: string, ofPaths: boolean): string | undefined {
  const inner = pattern.replace(/^!/, '')
  if (inner === '') return 'is empty'
  if (/^\s|\s$/.test(pattern)) return 'begins or ends with a space'
  if (/^\.\.?\//.test(inner)) return 'begins with ./ or ../, and paths begin at the root'
  if (/\[[^\]]*$/.test(inner)) return 'has a [ without its ]'
  const [range] = [...inner.matchAll(/\[([^\]]*)\]/g)].filter(([, list]) => isBackwards(list!))
  if (range) return `has the range ${range[0]}, which ends before it begins`
  if (/^[?+]/.test(inner)) return 'repeats nothing'
  if (ofPaths) return undefined
  if (/^\/|\/$|\/\//.test(inner)) return 'has a slash that no name has'
  if (/^refs\/(?:heads|tags)\//.test(inner))
    return 'names a whole ref, and a filter sees the name alone'
  return /[ ~^:\\]/.test(inner) ? 'has a character that no name has' : undefined
}

function isBackwards(list: string): boolean {
  return [...list.matchAll(/(.)-(.)/g)].some(([, from, to]) => from! > to!)
}

const isException = (pattern: string) => pattern.startsWith('!')

export const globInvalid: Rule<WorkflowFile> = {
  id: 'workflow/glob-invalid',
  kind: 'invalid',
  summary: 'A pattern that matches nothing',
  why: 'GitHub refuses the pattern, or no branch or path ever matches it.',
  hint: 'See the filter patterns: `*`, `**`, `?`, `+`, `[a-z]`, `!` at the start.',
  references: ['actionlint glob'],
  bad: { ...withSteps({ run: 'make' }), on: { push: { paths: ['./src/**'] } } },
  good: { ...withSteps({ run: 'make' }), on: { push: { paths: ['src/**'] } } },
  *check({ data }) {
    for (const [event, filters] of eventsOf(data)) {
      for (const key of filterKeys) {
        const patterns = listOf(filters[key])
        if (!key.endsWith('-ignore') && patterns.length > 0 && patterns.every(isException)) {
          const message = `${key} has exceptions alone, and so nothing that they are of`
          const hint = `Put what they are exceptions of before them: ${key}: ['**', '${patterns[0]}'].`
          yield { path: ['on', event, key], message, hint }
        }
        for (const [index, pattern] of patterns.entries()) {
          const problem = validateGlob(pattern, key.startsWith('paths'))
          if (problem === undefined) continue
          const path = ['on', event, key, ...(Array.isArray(filters[key]) ? [index] : [])]
          yield { path, message: `${JSON.stringify(pattern)} ${problem}` }
        }
      }
    }
  },
}
