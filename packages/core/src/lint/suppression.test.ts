import { describe, expect, test } from 'vitest'
import { stack } from '../stack/stack.ts'
import { synthesize } from '../stack/synthesize.ts'
import { brittle } from '../testing/brittle.ts'
import type { Diagnostic } from './diagnostic.ts'
import { type Suppression, suppress } from './suppression.ts'

const terms = { at: 'app.txt#parts.door', reason: 'The old house.', until: '2027-06-30' }

function judged(suppressions: readonly Suppression[], day = '2027-01-01') {
  const source = {
    documents: () => [brittle('app.txt', { parts: { door: 'glass', roof: 'glass' } })],
  }
  return synthesize(stack('house', [source], { suppressions }), {
    now: new Date(`${day}T12:00:00Z`),
  })
}

const idOf = ({ rule, path }: Diagnostic) => `${rule} ${path.join('.')}`.trim()

describe('a suppression', () => {
  test('accepts what its rule finds at its place, and nothing else', () => {
    const suppression = suppress('brittle/glass', terms)
    const { diagnostics, suppressed } = judged([suppression])
    expect(diagnostics.map(idOf)).toEqual(['brittle/glass parts.roof'])
    expect(suppressed).toMatchObject([{ diagnostic: { path: ['parts', 'door'] }, suppression }])
  })

  test.each([
    ['the file', 'app.txt', 2],
    ['a node and all in it', 'app.txt#parts', 2],
    ['one node', 'app.txt#parts.roof', 1],
  ])('covers %s', (_name, at, count) => {
    expect(judged([suppress('brittle/glass', { ...terms, at })]).suppressed).toHaveLength(count)
  })

  test('does not cover a node whose name only begins alike', () => {
    const { diagnostics } = judged([
      suppress('brittle/glass', { ...terms, at: 'app.txt#parts.do' }),
    ])
    expect(diagnostics.map(idOf)).toContain('core/suppression-unused')
  })

  test('holds on its last day, and the day after is itself an error', () => {
    const suppression = suppress('brittle/glass', { ...terms, at: 'app.txt' })
    expect(judged([suppression], '2027-06-30').diagnostics).toEqual([])
    const { diagnostics, suppressed } = judged([suppression], '2027-07-01')
    expect(suppressed).toEqual([])
    expect(diagnostics.map(idOf)).toEqual([
      'core/suppression-expired',
      'brittle/glass parts.door',
      'brittle/glass parts.roof',
    ])
    expect(diagnostics[0]).toMatchObject({ severity: 'error', file: import.meta.filename })
  })

  test.each([
    ['no such rule', { rule: 'brittle/wood', at: 'app.txt' }, 'Unknown rule brittle/wood'],
    [
      'another place',
      { rule: 'brittle/glass', at: 'app.txt#door' },
      'reports app.txt#parts.door, app',
    ],
    ['no such file', { rule: 'brittle/glass', at: 'b.txt' }, 'the documents are app.txt'],
  ])('that matches nothing is a warning at its line: %s', (_name, { rule, at }, hint) => {
    const { diagnostics } = judged([suppress(rule, { ...terms, at })])
    const unused = diagnostics.find((one) => one.rule === 'core/suppression-unused')
    expect(unused).toMatchObject({ severity: 'warning', file: import.meta.filename })
    expect(unused?.hint).toContain(hint)
  })

  test('that is gone from the files is to be removed', () => {
    const sound = { documents: () => [brittle('app.txt', { parts: { door: 'wood' } })] }
    const suppressions = [suppress('brittle/glass', terms)]
    const [unused] = synthesize(stack('house', [sound], { suppressions })).diagnostics
    expect(unused?.hint).toBe('Remove it: the diagnostic no longer occurs.')
  })

  test('renews one that is over, whichever comes first', () => {
    const old = suppress('brittle/glass', { ...terms, at: 'app.txt', until: '2026-01-01' })
    const renewed = suppress('brittle/glass', { ...terms, at: 'app.txt' })
    for (const suppressions of [
      [old, renewed],
      [renewed, old],
    ]) {
      const { diagnostics, suppressed } = judged(suppressions)
      expect(suppressed).toHaveLength(2)
      expect(diagnostics.map(idOf)).toEqual(['core/suppression-expired'])
    }
  })

  test('written as a plain object has a reason and an end too', () => {
    const plain = { rule: 'brittle/glass', ...terms }
    expect(judged([plain]).suppressed).toHaveLength(1)
    expect(() => judged([{ ...plain, reason: '' }])).toThrow('missing reason')
    expect(() => judged([{ ...plain, until: 'never' }])).toThrow('invalid date')
  })

  test.each([
    [{ reason: ' ' }, 'missing reason'],
    [{ until: '2027-02-30' }, 'invalid date'],
    [{ until: 'soon' }, 'invalid date'],
    [{ at: '#services' }, 'invalid path'],
    [{ at: 'file#' }, 'invalid path'],
  ])('with %j is refused where it was written', (wrong, why) => {
    const make = () => suppress('brittle/glass', { ...terms, ...wrong })
    expect(make).toThrow(why)
    expect(make).toThrow(/suppression\.test\.ts:\d+:\d+: suppression of brittle\/glass/)
  })
})
