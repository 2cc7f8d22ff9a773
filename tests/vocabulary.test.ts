import { expect, test } from 'vitest'
import { findUses, partOf } from './testing/vocabulary.ts'

/** How many uses of replaced words are left. */
const left = 433

test('replaced words do not come back', () => {
  const uses = findUses()
  const parts = new Map<string, number>()
  for (const use of uses) parts.set(partOf(use), (parts.get(partOf(use)) ?? 0) + 1)
  const counts = [...parts].map(([part, count]) => `${part}: ${count}`).join('\n')
  console.log(counts)
  const shown = uses.map(({ file, line, word, instead }) => `${file}:${line}: ${word} → ${instead}`)
  expect(uses.length, `${counts}\n${shown.slice(0, 50).join('\n')}`).toBeLessThanOrEqual(left)
})
