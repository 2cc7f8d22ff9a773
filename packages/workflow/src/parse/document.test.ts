import { check, isolatedContext, type Rule } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parseAction, parseWorkflow } from '../files.ts'
import { printWorkflow } from '../index.ts'

const text = `on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: make
      - name: second
        run: make test
`

describe('parseWorkflow', () => {
  const document = parseWorkflow('.github/workflows/ci.yml', text)

  it('gives the data in the words of the file', () => {
    expect(document.data.jobs.build?.steps?.[1]).toEqual({ name: 'second', run: 'make test' })
    expect(printWorkflow(document.data)).toContain('run: make test')
  })

  it.each([
    [['jobs', 'build', 'steps', 1, 'run'], 8, 14],
    [['jobs', 'build', 'steps', 1, 'missing'], 7, 9],
    [[], 1, 1],
  ])('knows the place of %j', (path, line, column) => {
    expect(document.locate?.(path)).toEqual({ file: document.path, line, column })
  })

  it('gives diagnostics their lines', () => {
    const rule: Rule = {
      ...{ id: 'a/b', kind: 'breaks', summary: 's', why: 'w', hint: 'h', references: [] },
      ...{ bad: {}, good: {} },
      check: () => [{ path: ['jobs', 'build', 'steps', 0], message: 'm' }],
    }
    const judged = { ...document, format: { ...document.format, rules: [rule] } }
    expect(check(judged, isolatedContext(judged))).toMatchObject([{ file: document.path, line: 6 }])
  })

  it.each(['', '- a', 'on: [', 'a: *b', 'a: &a {b: *a}'])('refuses %j with a place', (bad) => {
    expect(() => parseWorkflow('a.yml', bad)).toThrow(/^a\.yml:\d+:\d+: /)
  })
})

describe('parseAction', () => {
  it('gives the data in the words of the file', () => {
    const { data } = parseAction('action.yml', 'name: a\nruns: {using: composite, steps: []}')
    expect(data.runs).toEqual({ using: 'composite', steps: [] })
  })
})
