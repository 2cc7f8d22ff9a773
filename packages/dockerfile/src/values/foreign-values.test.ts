import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { copy } from './copy.ts'
import { dockerfile } from './dockerfile.ts'
import type { Stage } from './reference.ts'
import { stage } from './stage.ts'

const loose = (value: unknown) => value as never

describe('a value that was not created by a function of this package is rejected', () => {
  test.each([
    ['a stage', () => dockerfile('Dockerfile', loose({ kind: 'stage', name: '../a' }))],
    ['a stage without instructions', () => dockerfile('Dockerfile', loose({ name: 'a' }))],
    ['nothing', () => dockerfile('Dockerfile', loose(undefined))],
    [
      'another target',
      () => dockerfile('Dockerfile', stage('a', 'x:1', []), { targets: loose([1]) }),
    ],
  ])('%s as the target', (_name, make) => {
    expect(make).toThrow(/foreign-values\.test\.ts:\d+:\d+: Dockerfile: expected a stage, got/)
  })

  test('an instruction', () => {
    const by = (one: unknown) => () => stage('a', 'debian:trixie-slim', loose([one]))
    expect(by({ instruction: 'RUN' })).toThrow(
      'stage a: RUN was not created by a function of @erlmcp/dockerfile',
    )
    expect(by(5)).toThrow('stage a: expected an instruction, got 5')
  })

  test('what a stage starts from', () => {
    expect(() => stage('a', loose({ name: 'b', instructions: [] }), [])).toThrow(
      'stage a: expected a base image or a stage',
    )
  })
})

test('a chain of twenty thousand stages is counted, not fallen over', () => {
  let last: Stage = stage('s0', 'debian:trixie-slim', [])
  for (let n = 1; n < 20_000; n++) last = stage(`s${n}`, last, [])
  expect(() => dockerfile('Dockerfile', last)).toThrow(/has 20000 stages: expected at most 1000/)
})

test('a chain of some hundred stages is in order', () => {
  let last: Stage = stage('s0', 'debian:trixie-slim', [])
  for (let n = 1; n < 300; n++) {
    last = stage(`s${n}`, last, [copy(['/a'], '/', { from: last })])
  }
  const { artifacts } = synthesize(stack('shop', [dockerfile('Dockerfile', last)]))
  expect(artifacts[0]!.text.match(/^FROM .* AS (\S+)$/gm)).toHaveLength(300)
})
