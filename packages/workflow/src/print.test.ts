import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { scan } from './expression/scan.ts'
import {
  github,
  job,
  literal,
  printWorkflow,
  run,
  text,
  type Value,
  type WorkflowFile,
  workflow,
} from './index.ts'

// Text that tries to leave its place in YAML, in an expression, or in a line.
const tricky = fc.constantFrom(
  ...['${{ secrets.TOKEN }}', '${{', '}}', "'", "''", "${{ '${{' }}", '$', '{{', '${', '\n', '# x'],
  ...['\n  run: evil', '- uses: a/b@c', ': ', '"', '\\', '\u2028', '\t', 'on', '*a', '&a', '!!x'],
)
const nasty = fc
  .array(fc.oneof(tricky, fc.string(), fc.string({ unit: 'grapheme' })), { maxLength: 6 })
  .map((parts) => parts.join(''))

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,10}$/)
const scalar = fc.oneof(nasty, fc.integer(), fc.boolean())

const step = fc.record(
  {
    run: nasty,
    name: nasty,
    id: name,
    if: nasty,
    env: fc.dictionary(name, scalar, { noNullPrototype: true }),
    'continue-on-error': fc.boolean(),
    shell: nasty,
  },
  { requiredKeys: ['run'] },
)

const file = fc.record(
  {
    name: nasty,
    on: fc.constant({ push: { branches: ['main'] } } as const),
    env: fc.dictionary(name, scalar, { noNullPrototype: true }),
    jobs: fc.dictionary(
      name,
      fc.record({
        name: nasty,
        'runs-on': nasty,
        steps: fc.array(fc.oneof(step, fc.record({ parallel: fc.array(step, { maxLength: 3 }) }))),
      }),
      { noNullPrototype: true, maxKeys: 3 },
    ),
  },
  { requiredKeys: ['on', 'jobs'] },
)

describe('printWorkflow', () => {
  it('is read back as the same data, whatever the text in it', () => {
    fc.assert(
      fc.property(file, (one) => {
        expect(parse(printWorkflow(one as WorkflowFile))).toEqual(one)
      }),
      { numRuns: rounds(500) },
    )
  })

  it('prints the same, however the keys were ordered', () => {
    const build = { 'runs-on': 'a', steps: [{ run: 'x', name: 'y', id: 'z' }] }
    const turned = { steps: [{ id: 'z', run: 'x', name: 'y' }], 'runs-on': 'a' }
    const first = printWorkflow({ on: 'push', name: 'a', jobs: { build } })
    expect(printWorkflow({ jobs: { build: turned }, name: 'a', on: 'push' })).toBe(first)
  })
})

/** What GitHub makes of text whose only expressions are quoted text and `github.ref`. */
function evaluated(value: unknown): string {
  return scan(String(value))
    .map((piece) => {
      if (piece.kind === 'text') return piece.text
      const code = piece.text.trim()
      if (code === 'github.ref') return '<ref>'
      expect(code).toMatch(/^'(?:[^']|'')*'$/)
      return code.slice(1, -1).replaceAll("''", "'")
    })
    .join('')
}

describe('text of an author', () => {
  const place = (value: Value) => {
    const steps = [run('make', { env: { TEXT: value } })]
    const one = workflow('.github/workflows/ci.yml', {
      on: 'push',
      jobs: [job('a', { 'runs-on': 'ubuntu-24.04', steps })],
    })
    const [document] = [...one.documents({ stack: 'shop' })]
    const back = parse(printWorkflow(document!.data as WorkflowFile))
    return back.jobs.a.steps[0].env.TEXT
  }

  it('is never evaluated', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        expect(evaluated(place(literal(value)))).toBe(value)
      }),
      { numRuns: rounds(500) },
    )
  })

  it('is literal around expressions', () => {
    fc.assert(
      fc.property(nasty, nasty, (before, after) => {
        const value = text`${literal(before)}${github.ref}${literal(after)}`
        expect(evaluated(place(value))).toBe(`${before}<ref>${after}`)
      }),
      { numRuns: rounds(500) },
    )
  })

  it('is a script as it is, where nothing in it looks like an expression', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const script = value.replaceAll('${{', '')
        fc.pre(!script.includes('${{'))
        const steps = [run(script as 'make')]
        const one = workflow('.github/workflows/ci.yml', {
          on: 'push',
          jobs: [job('a', { 'runs-on': 'ubuntu-24.04', steps })],
        })
        const [document] = [...one.documents({ stack: 'shop' })]
        const back = parse(printWorkflow(document!.data as WorkflowFile))
        expect(back.jobs.a.steps[0].run).toBe(script)
      }),
    )
  })
})
