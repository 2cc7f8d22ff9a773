import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { checkCompose } from './compose-types.ts'
import { hasCorpus } from './corpus.ts'

const hasDocker = (() => {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!hasCorpus)('public compose files (skipped without ../shared/corpus)', () => {
  it('type-check, and mean the same when printed', {
    timeout: 300_000,
  }, async () => {
    const outcomes = await checkCompose({ every: 12, meaning: hasDocker })
    const bad = outcomes.filter(({ reason }) => reason !== undefined)
    expect(outcomes.length).toBeGreaterThan(40)
    expect(bad.length / outcomes.length, JSON.stringify(bad, undefined, 1)).toBeLessThan(0.02)
  })
})
