import { expect, it } from 'vitest'
import { engineLines } from './reporter.ts'

const ran = { engine: true, state: 'passed' } as const
const failed = { engine: true, state: 'failed' } as const
const skipped = { engine: true, state: 'skipped', reason: 'no docker command on PATH' } as const
const unit = { engine: false, state: 'passed' } as const

it('counts the engine tests alone', () => {
  expect(engineLines([ran, unit, failed, ran])).toEqual(['3 engine tests ran, 1 failed'])
})

it('gives the reason of what was skipped', () => {
  expect(engineLines([skipped, unit])).toEqual(['1 engine test skipped: no docker command on PATH'])
})

it('does not count as run what a test file skipped itself', () => {
  expect(engineLines([ran, { engine: true, state: 'skipped' }])).toEqual([
    '1 engine test ran, 0 failed',
  ])
})

it('says nothing where there are no engine tests', () => {
  expect(engineLines([unit])).toEqual([])
})
