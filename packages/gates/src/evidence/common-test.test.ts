import { expect, test } from 'vitest'
import { evidence, fixture } from '../testing/evidence.ts'
import { commonTest } from './common-test.ts'

const folder = '_build/test/logs'
const at = `${folder}/ct_run.nonode@nohost.2026-11-23_20.32.39/junit_report.xml`
const read = (
  report: string | Uint8Array,
  output: string | Uint8Array = '',
  skips: Record<string, string> = {},
) => commonTest(folder, { skips }).read(evidence({ [at]: report }, output))

const green = fixture('ct/green.xml').toString()

test('a report in which all passed', async () => {
  const { diagnostics, counts, tests } = await read(green, fixture('ct/green.txt'))
  expect(diagnostics).toEqual([])
  expect(counts).toEqual({ tests: 1, failures: 0, errors: 0, skipped: 0 })
  expect(tests).toEqual([
    { suite: 'demo_SUITE', name: 'ok_case', time: 0.002353, outcome: 'passed' },
  ])
})

test('every kind of failure has a location, and blocked cases are grouped', async () => {
  const { diagnostics, counts } = await read(fixture('ct/red.xml'))
  const shown = diagnostics.map(
    ({ kind, message, location }) =>
      `${kind} ${location?.file.slice(15)}:${location?.line} ${message}`,
  )
  expect(shown).toEqual([
    'skip skip_SUITE.erl:6 skip_SUITE:a: skipped: not today (not declared)',
    'skip skip_SUITE.erl:7 skip_SUITE:b: skipped: not today (not declared)',
    'error init_SUITE.erl:5 init_SUITE:init_per_suite: no_database',
    'error end_SUITE.erl:5 end_SUITE:end_per_suite: not_ended',
    'failure demo_SUITE.erl:15 demo_SUITE:fail_case: no match of 4',
    'skip demo_SUITE.erl:16 demo_SUITE:skip_case: skipped: no network <here> (not declared)',
    'error demo_SUITE.erl:undefined demo_SUITE:missing_case: demo_SUITE:missing_case is undefined',
    'timeout demo_SUITE.erl:19 demo_SUITE:slow_case: timetrap timeout',
    'failure demo_SUITE.erl:21 demo_SUITE:g1.g_fail: no luck',
    'error demo_SUITE.erl:7 demo_SUITE:g2.init_per_group: no_group',
    'skip init_SUITE.erl:5 init_SUITE: 2 cases did not run: init_per_suite failed (no_database): a, b',
    'skip demo_SUITE.erl:10 demo_SUITE: 1 case did not run: init_per_testcase failed (no_case): abort_case',
    'skip demo_SUITE.erl:7 demo_SUITE: 1 case did not run: init_per_group failed (no_group): g2.g_case',
  ])
  expect(counts).toEqual({ tests: 16, failures: 2, errors: 2, skipped: 7 })
})

test('declared skips: a case, a whole suite, and an unused one', async () => {
  const declared = {
    skip_SUITE: 'Tuesdays only',
    'demo_SUITE:skip_case': 'no network in the container',
    'demo_SUITE:ok_case': 'outdated',
  }
  const { diagnostics } = await read(fixture('ct/red.xml'), '', declared)
  const skips = diagnostics.filter(({ kind }) => kind === 'skip').map(({ message }) => message)
  expect(skips).toHaveLength(4)
  expect(skips).toContain(
    'unused skip demo_SUITE:ok_case: no such test was skipped. Remove the declaration',
  )
})

test('a declaration does not cover blocked cases', async () => {
  const { diagnostics } = await read(fixture('ct/red.xml'), '', { init_SUITE: 'never mind' })
  expect(diagnostics.map(({ message }) => message)).toContain(
    'init_SUITE: 2 cases did not run: init_per_suite failed (no_database): a, b',
  )
})

test.each([
  [
    'no file',
    undefined,
    'report-missing',
    'no junit_report.xml in _build/test/logs. Write to rebar.config: {ct_opts, [{ct_hooks, [cth_surefire]}]}.',
  ],
  ['no suite', fixture('ct/none.xml').toString(), 'report-missing', 'the report has no case'],
  ['an empty file', '', 'report-invalid', 'empty file'],
  ['a truncated file', green.slice(0, -20), 'report-invalid', 'malformed XML'],
  [
    'a lost case',
    green.replace(/<testcase name="ok_case".*?<\/testcase>/, ''),
    'report-invalid',
    'tests="1", but the suite has 0',
  ],
])('%s does not pass', async (_, text, kind, message) => {
  const report = text === undefined ? await commonTest(folder).read(evidence({})) : await read(text)
  expect(report.diagnostics).toMatchObject([{ kind, message: expect.stringContaining(message) }])
})

test('a lost suite contradicts the output of Common Test', async () => {
  const { diagnostics } = await read(green, 'All 2 tests passed.\n')
  expect(diagnostics).toMatchObject([
    {
      kind: 'report-invalid',
      message: expect.stringContaining('printed 2 cases, but the report has 1'),
    },
  ])
})

test("rebar3's link to the last run does not count twice", async () => {
  const files = { [at]: green, [`${folder}/last/junit_report.xml`]: green }
  const { counts } = await commonTest(folder).read(evidence(files))
  expect(counts?.tests).toBe(1)
})
