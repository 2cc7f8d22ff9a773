import type { Rule } from '@erlmcp/core'
import { eventsOf, listOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

const filterKeys = [
  ...['branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore'],
]

/** The fault of a pattern, if it has one. */
function validateGlob(pattern: string, ofPaths: boolean): string | undefined {
  const inner = pattern.replace(/^!/, '')
  if (inner === '') return 'is empty'
  if (/^\s|\s$/.test(pattern)) return 'begins or ends with a space'
  if (/^\.\.?\//.test(inner)) return 'begins with ./ or ../, but paths are relative to the root'
  if (/\[[^\]]*$/.test(inner)) return 'has a [ without its ]'
  const [range] = [...inner.matchAll(/\[([^\]]*)\]/g)].filter(([, list]) => isBackwards(list!))
  if (range) return `has the reversed range ${range[0]}`
  if (/^[?+]/.test(inner)) return 'begins with a repetition'
  if (ofPaths) return undefined
  if (/^\/|\/$|\/\//.test(inner)) return 'has an invalid slash'
  if (/^refs\/(?:heads|tags)\//.test(inner))
    return 'is a full ref, but filters match the name alone'
  return /[ ~^:\\]/.test(inner) ? 'has an invalid character' : undefined
}

function isBackwards(list: string): boolean {
  return [...list.matchAll(/(.)-(.)/g)].some(([, from, to]) => from! > to!)
}

const isException = (pattern: string) => pattern.startsWith('!')

export const globInvalid: Rule<WorkflowFile> = {
  id: 'workflow/glob-invalid',
  kind: 'invalid',
  summary: 'Pattern that matches nothing',
  why: 'GitHub rejects the pattern, or no branch or path ever matches it.',
  hint: 'Use the filter patterns: `*`, `**`, `?`, `+`, `[a-z]`, `!` at the start.',
  references: ['actionlint glob'],
  bad: { ...withSteps({ run: 'make' }), on: { push: { paths: ['./src/**'] } } },
  good: { ...withSteps({ run: 'make' }), on: { push: { paths: ['src/**'] } } },
  *check({ data }) {
    for (const [event, filters] of eventsOf(data)) {
      for (const key of filterKeys) {
        const patterns = listOf(filters[key])
        if (!key.endsWith('-ignore') && patterns.length > 0 && patterns.every(isException)) {
          const message = `${key} has only exceptions, and matches nothing`
          const hint = `Add a pattern before them: ${key}: ['**', '${patterns[0]}'].`
          yield { path: ['on', event, key], message, hint }
        }
        for (const [index, pattern] of patterns.entries()) {
          const fault = validateGlob(pattern, key.startsWith('paths'))
          if (fault === undefined) continue
          const path = ['on', event, key, ...(Array.isArray(filters[key]) ? [index] : [])]
          yield { path, message: `${JSON.stringify(pattern)} ${fault}` }
        }
      }
    }
  },
}
