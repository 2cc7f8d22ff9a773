import { expect, test } from 'vitest'
import { findUses, partOf, type Use } from './testing/vocabulary.ts'

/** How many uses of replaced words are left, by part. A part that is not listed has none. */
const left: Readonly<Record<string, number>> = {
  '.ci': 2,
  'CONTRIBUTING.md': 3,
  docs: 38,
  examples: 44,
  'packages/cli': 244,
  'packages/cluster': 288,
  'packages/compose': 415,
  'packages/core': 94,
  'packages/dockerfile': 160,
  'packages/gates': 324,
  'packages/projen': 19,
  'packages/testkit': 22,
  'packages/workflow': 294,
  scripts: 15,
  tests: 35,
}

test('replaced words do not come back', () => {
  const parts = new Map<string, Use[]>()
  for (const use of findUses()) parts.set(partOf(use), [...(parts.get(partOf(use)) ?? []), use])
  console.log([...parts].map(([part, uses]) => `${part}: ${uses.length}`).join('\n'))
  const above = [...parts]
    .filter(([part, uses]) => uses.length > (left[part] ?? 0))
    .map(([part, uses]) => [
      `${part}: ${uses.length} uses of replaced words, ${left[part] ?? 0} allowed`,
      ...uses.slice(0, 20).map((one) => `${one.file}:${one.line}: ${one.word} → ${one.instead}`),
    ])
  expect(above).toEqual([])
})
