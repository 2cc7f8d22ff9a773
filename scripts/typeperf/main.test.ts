import { expect, it } from 'vitest'
import { measureTypeCost } from './main.ts'

it('gives the compiler little to make for each service', () => {
  const [few, many] = [measureTypeCost(10, 1), measureTypeCost(110, 1)]
  const each = (kind: 'bare' | 'ours', count: 'symbols' | 'types') =>
    (many[kind][0]![count] - few[kind][0]![count]) / 100
  // A list of texts that is held against `readonly Item[]` alone makes 40 symbols on each use.
  expect(each('ours', 'symbols') - each('bare', 'symbols')).toBeLessThan(2)
  expect(each('ours', 'types') / each('bare', 'types')).toBeLessThan(2)
})
