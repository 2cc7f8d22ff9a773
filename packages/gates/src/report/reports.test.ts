import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { failedRun, passedRun } from '../testing/run.ts'
import { annotations } from './annotations.ts'
import { jsonReport } from './json.ts'
import { junitXml } from './junit-xml.ts'
import type { ReportedRun } from './run.ts'
import { sarif } from './sarif.ts'
import { stepSummary } from './step-summary.ts'
import { terminalSummary } from './terminal.ts'

const none: ReportedRun = { ...passedRun, gates: [] }

describe('terminal', () => {
  test('a passed run is a line for each gate', () => {
    expect(terminalSummary(passedRun, { color: false })).toBe(`
✓ compile   6.2 s
✓ eunit    11.4 s 41 tests
✓ ct       31.8 s 112 tests, 3 skipped
✓ dialyzer 24.0 s
✓ coverage  4.4 s 79 % covered

All 5 gates passed, 52.1 s
`)
  })

  test('a failed run shows diagnostics, locations and the command to run again', () => {
    const shown = terminalSummary(failedRun, { color: false, columns: 120 })
    expect(shown).toContain('- coverage        skipped: needs eunit\n')
    expect(shown).toContain(
      '\n  apps/erlmcp/test/erlmcp_http_tests.erl:48\n    failure: erlmcp_http_tests:',
    )
    expect(shown).toContain(
      '\n  $ docker compose run --rm -e ERLMCP_GATE=eunit erlmcp-eunit rebar3 eunit\n',
    )
    expect(shown).toContain('    | ===> Running dialyzer\n')
    expect(shown).toMatch(/\n4 of 7 gates failed, 1 was skipped, 1 min 36 s\n$/)
  })

  test.each([40, 60, 80, 100, 120])('fits in %i columns, except for locations', (columns) => {
    for (const line of terminalSummary(failedRun, { color: false, columns }).split('\n')) {
      if (!/^ {2}apps\//.test(line)) expect(line.length).toBeLessThanOrEqual(columns)
    }
  })

  test('the text is the same with colours', () => {
    const coloured = terminalSummary(failedRun, { color: true })
    expect(coloured).toContain('\x1b[31m')
    expect(stripVTControlCharacters(coloured)).toBe(terminalSummary(failedRun, { color: false }))
  })

  test('a run without gates fails', () => {
    expect(terminalSummary(none, { color: true })).toContain('\x1b[31mNo gate ran')
  })

  test('many diagnostics are counted', () => {
    const [compile, eunit] = failedRun.gates
    const many = { ...eunit!, diagnostics: Array(500).fill(eunit!.diagnostics[1]!) }
    const shown = terminalSummary({ ...failedRun, gates: [compile!, many] }, { color: false })
    expect(shown.split('\n').length).toBeLessThan(40)
    expect(shown).toContain('and 492 more')
  })
})

describe('JUnit XML', () => {
  const counts = (xml: string) => {
    const found: Record<string, number> = {}
    const parser = new SaxesParser()
    parser.on('opentag', ({ name }) => {
      found[name] = (found[name] ?? 0) + 1
    })
    parser.write(xml).close()
    return found
  }

  test('a gate is a suite with its tests and one for itself', () => {
    expect(counts(junitXml(passedRun))).toEqual({
      testsuites: 1,
      testsuite: 5,
      testcase: 5 + 41 + 112,
    })
  })

  test('a failed gate fails, also when each of its tests passed', () => {
    const xml = junitXml(failedRun)
    expect(counts(xml)).toMatchObject({ failure: 5 + 1, error: 1, skipped: 1 })
    expect(xml).toContain(
      `<testsuites name="erlmcp" tests="${7 + 44 + 112}" failures="6" errors="1" skipped="1" time="96.400">`,
    )
    expect(xml).toContain(
      '<failure type="threshold" message="all modules: expected tests to run 80 % of the lines',
    )
  })

  test('a failed test has its location', () => {
    expect(junitXml(failedRun)).toContain(
      '<testcase classname="erlmcp_http_tests" name="parses_path_test" time="0.003" file="apps/erlmcp/test/erlmcp_http_tests.erl" line="48">',
    )
  })
})

describe('SARIF', () => {
  const schema = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  )
  // Draft 4 of JSON Schema, of which the schema uses nothing that later drafts read differently.
  const { $schema: _, id: __, ...draft } = JSON.parse(readFileSync(schema, 'utf8'))
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    draft,
  )

  test.each([
    ['passed', passedRun],
    ['failed', failedRun],
    ['empty', none],
  ])('a %s run is valid by the schema of the standard', (_, run) => {
    validate(sarif(run))
    expect(validate.errors ?? []).toEqual([])
  })

  test('diagnostics with a location are results, the others are notifications', () => {
    expect(sarif(failedRun)).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'eunit/failure',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'apps/erlmcp/test/erlmcp_http_tests.erl' },
                    region: { startLine: 48 },
                  },
                },
              ],
            },
          ],
          invocations: [{ toolExecutionNotifications: { length: 5 } }],
        },
      ],
    })
  })
})

test('JSON has the whole run and a version', () => {
  const report = JSON.parse(jsonReport(failedRun))
  expect(report).toMatchObject({
    format: 'erlmcp-gates',
    version: 1,
    project: 'erlmcp',
    verdict: 'failed',
    started: '2026-11-23T20:26:40.000Z',
  })
  expect(report.gates).toHaveLength(7)
  expect(report.gates[1]).toMatchObject({
    name: 'eunit',
    verdict: 'failed',
    ending: { kind: 'exit', code: 1 },
    counts: { tests: 44, failures: 1, errors: 1, skipped: 1 },
    diagnostics: [{ kind: 'failure', location: { line: 48 } }, { kind: 'timeout' }],
  })
})

describe('annotations', () => {
  test('the first diagnostic of each gate comes before the second of any', () => {
    expect(annotations(failedRun).map((line) => /title=(\w[\w-]*)/.exec(line)?.[1])).toEqual([
      'eunit',
      'dialyzer',
      'coverage',
      'cover-ct',
      'bench',
      'eunit',
    ])
    expect(annotations(passedRun)).toEqual([])
  })

  test('the tenth annotation counts the rest', () => {
    const [, eunit] = failedRun.gates
    const many = { ...eunit!, diagnostics: Array(30).fill(eunit!.diagnostics[0]!) }
    const lines = annotations({ ...failedRun, gates: [many] })
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toBe('::error title=gates::21 more problems: see the summary')
    const ten = { ...eunit!, diagnostics: Array(10).fill(eunit!.diagnostics[0]!) }
    expect(annotations({ ...failedRun, gates: [ten] }).join()).not.toContain('more problem')
  })
})

describe('step summary', () => {
  test('verdicts in a table, then diagnostics', () => {
    const shown = stepSummary(failedRun)
    expect(shown).toContain(
      '## ❌ erlmcp\\: 4 of 7 gates failed, 1 was skipped\n'.replace('\\:', ':'),
    )
    expect(shown).toContain('| ❌ | eunit | 11.4 s | 44 tests, 1 failure, 1 error, 1 skipped |\n')
    expect(shown).toContain('**timeout**')
    expect(shown).toContain('### Coverage 79 %')
  })

  test('it is truncated to the limit, with all verdicts', () => {
    const [, eunit] = failedRun.gates
    const long = { ...eunit!.diagnostics[0]!, detail: 'ü'.repeat(8_000) }
    const many = { ...eunit!, diagnostics: Array(3_000).fill(long) }
    const shown = stepSummary({ ...failedRun, gates: [many, ...failedRun.gates] })
    expect(Buffer.byteLength(shown)).toBeLessThan(1_000_000)
    expect(shown).toContain('| ❌ | bench |')
    expect(shown).toContain('The summary is truncated')
  })
})
