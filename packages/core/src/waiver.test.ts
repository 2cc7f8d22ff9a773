import { describe, expect, test } from 'vitest'
import type { Finding } from './finding.ts'
import { stack } from './stack.ts'
import { synthesize } from './synthesize.ts'
import { brittle } from './testing/brittle.ts'
import { type Waiver, waive } from './waiver.ts'

const terms = { at: 'app.txt#parts.door', reason: 'The old house.', until: '2027-06-30' }

function judged(waivers: readonly Waiver[], day = '2027-01-01') {
  const source = {
    documents: () => [brittle('app.txt', { parts: { door: 'glass', roof: 'glass' } })],
  }
  return synthesize(stack('house', [source], { waivers }), { now: new Date(`${day}T12:00:00Z`) })
}

const said = ({ rule, path }: Finding) => `${rule} ${path.join('.')}`.trim()

describe('a waiver', () => {
  test('accepts what its rule finds at its place, and nothing else', () => {
    const waiver = waive('brittle/glass', terms)
    const { findings, waived } = judged([waiver])
    expect(findings.map(said)).toEqual(['brittle/glass parts.roof'])
    expect(waived).toMatchObject([{ finding: { path: ['parts', 'door'] }, waiver }])
  })

  test.each([
    ['the file', 'app.txt', 2],
    ['a node and all in it', 'app.txt#parts', 2],
    ['one node', 'app.txt#parts.roof', 1],
  ])('covers %s', (_name, at, count) => {
    expect(judged([waive('brittle/glass', { ...terms, at })]).waived).toHaveLength(count)
  })

  test('does not cover a node whose name only begins alike', () => {
    const { findings } = judged([waive('brittle/glass', { ...terms, at: 'app.txt#parts.do' })])
    expect(findings.map(said)).toContain('core/waiver-unused')
  })

  test('holds on its last day, and the day after is itself an error', () => {
    const waiver = waive('brittle/glass', { ...terms, at: 'app.txt' })
    expect(judged([waiver], '2027-06-30').findings).toEqual([])
    const { findings, waived } = judged([waiver], '2027-07-01')
    expect(waived).toEqual([])
    expect(findings.map(said)).toEqual([
      'core/waiver-expired',
      'brittle/glass parts.door',
      'brittle/glass parts.roof',
    ])
    expect(findings[0]).toMatchObject({ severity: 'error', file: import.meta.filename })
  })

  test.each([
    ['no such rule', { rule: 'brittle/wood', at: 'app.txt' }, 'There is no rule brittle/wood'],
    ['another place', { rule: 'brittle/glass', at: 'app.txt#door' }, 'at app.txt#parts.door, app'],
    ['no such file', { rule: 'brittle/glass', at: 'b.txt' }, 'the documents are app.txt'],
  ])('that matches nothing is a warning at its line: %s', (_name, { rule, at }, help) => {
    const { findings } = judged([waive(rule, { ...terms, at })])
    const unused = findings.find((one) => one.rule === 'core/waiver-unused')
    expect(unused).toMatchObject({ severity: 'warning', file: import.meta.filename })
    expect(unused?.help).toContain(help)
  })

  test('that is gone from the files is to be removed', () => {
    const sound = { documents: () => [brittle('app.txt', { parts: { door: 'wood' } })] }
    const waivers = [waive('brittle/glass', terms)]
    const [unused] = synthesize(stack('house', [sound], { waivers })).findings
    expect(unused?.help).toBe('Remove it: what it waived is gone.')
  })

  test('renews one that is over, whichever comes first', () => {
    const old = waive('brittle/glass', { ...terms, at: 'app.txt', until: '2026-01-01' })
    const renewed = waive('brittle/glass', { ...terms, at: 'app.txt' })
    for (const waivers of [
      [old, renewed],
      [renewed, old],
    ]) {
      const { findings, waived } = judged(waivers)
      expect(waived).toHaveLength(2)
      expect(findings.map(said)).toEqual(['core/waiver-expired'])
    }
  })

  test('written as a plain object has a reason and an end too', () => {
    const plain = { rule: 'brittle/glass', ...terms }
    expect(judged([plain]).waived).toHaveLength(1)
    expect(() => judged([{ ...plain, reason: '' }])).toThrow('no reason')
    expect(() => judged([{ ...plain, until: 'never' }])).toThrow('is no day')
  })

  test.each([
    [{ reason: ' ' }, 'no reason'],
    [{ until: '2027-02-30' }, 'is no day'],
    [{ until: 'soon' }, 'is no day'],
    [{ at: '#services' }, 'no place'],
    [{ at: 'file#' }, 'no place'],
  ])('with %j is refused where it was written', (wrong, why) => {
    const make = () => waive('brittle/glass', { ...terms, ...wrong })
    expect(make).toThrow(why)
    expect(make).toThrow(/waiver\.test\.ts:\d+:\d+: waiver of brittle\/glass/)
  })
})
