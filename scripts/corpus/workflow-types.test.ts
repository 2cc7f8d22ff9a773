import { describe, expect, it } from 'vitest'
import { hasCorpus } from './corpus.ts'
import { checkWorkflows } from './workflow-types.ts'

describe.skipIf(!hasCorpus)('public workflows (skipped without ../shared/corpus)', () => {
  it('fit our types, and read back the same when printed', { timeout: 120_000 }, () => {
    const outcomes = checkWorkflows()
    const bad = outcomes.filter(({ reason }) => reason !== undefined)
    expect(outcomes.length).toBeGreaterThan(600)
    expect(bad.length / outcomes.length, JSON.stringify(bad, undefined, 1)).toBeLessThan(0.01)
  })
})
