import type { Diagnostic, Rule } from '@erlmcp/core'
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import ajvDraft04 from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sarifLogOf } from './sarif.ts'

// The schema that OASIS publishes with the standard.
const ajv = new ajvDraft04.default({ strict: false, unicodeRegExp: false })
addFormats.default(ajv)
const isValid = ajv.compile(schema)

const rule: Rule = {
  id: 'example/bad',
  kind: 'breaks',
  summary: 'Bad',
  why: 'It breaks.',
  hint: 'Write another.',
  references: ['CIS 1.1'],
  bad: {},
  good: {},
  check: () => [],
}

const diagnostic: Diagnostic = {
  rule: 'example/bad',
  kind: 'breaks',
  severity: 'error',
  message: 'this is bad',
  hint: 'Write another.',
  file: 'stack.ts',
  line: 3,
  column: 14,
  document: 'a.txt',
  path: [],
}

const suppression = { rule: 'example/bad', at: 'a.txt', reason: 'Known.', until: '2030-01-01' }

const uriOf = (file: string) => {
  const [run] = sarifLogOf({
    diagnostics: [{ ...diagnostic, file }],
    suppressed: [],
    rules: [],
  }).runs
  const [location] = run!.results[0]!.locations as readonly [
    { physicalLocation: { artifactLocation: { uri: string } } },
  ]
  return location.physicalLocation.artifactLocation.uri
}

test('the schema rejects a document that is not a log', () => {
  expect(isValid({ version: '2.1.0' })).toBe(false)
})

test('a log is valid: with diagnostics, suppressed ones, and none', () => {
  const { line, column, ...nowhere } = diagnostic
  for (const judged of [
    { diagnostics: [], suppressed: [], rules: [] },
    {
      diagnostics: [diagnostic, nowhere],
      suppressed: [{ diagnostic, suppression }],
      rules: [rule],
    },
    {
      diagnostics: [{ ...diagnostic, rule: 'core/suppression-unused' }],
      suppressed: [],
      rules: [rule],
    },
  ]) {
    isValid(sarifLogOf(judged))
    expect(isValid.errors).toBe(null)
  }
})

test('a log with any names and texts is valid', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 })
  fc.assert(
    fc.property(text, text, text, (file, message, id) => {
      const odd = { ...diagnostic, file, message, rule: id }
      isValid(
        JSON.parse(
          JSON.stringify(sarifLogOf({ diagnostics: [odd], suppressed: [], rules: [rule] })),
        ),
      )
      expect(isValid.errors).toBe(null)
    }),
  )
})

test('a file is named by a reference that leads to it', () => {
  expect(uriOf('deploy dir/stäck.ts')).toBe('deploy%20dir/st%C3%A4ck.ts')
  expect(uriOf('a#b?c%.ts')).toBe('a%23b%3Fc%25.ts')
  expect(uriOf('../x.ts')).toBe('../x.ts')
  expect(uriOf('/srv/my stack.ts')).toBe('file:///srv/my%20stack.ts')
  expect(uriOf('c:d.ts')).toBe('c%3Ad.ts')
})
