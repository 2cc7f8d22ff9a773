import { expect, test } from 'vitest'
import { findUses } from './testing/vocabulary.ts'

test('replaced words do not come back', () => {
  const uses = findUses().map(
    ({ file, line, word, instead }) => `${file}:${line}: ${word} → ${instead}`,
  )
  expect(uses).toEqual([])
})
