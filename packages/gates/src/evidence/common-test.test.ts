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

test('every way to fail, each with its place, and what did not run because of it', async () => {
  const { diagnostics, counts } = await read(fixture('ct/red.xml'))
  const shown = diagnostics.map(
    ({ kind, message, location }) =>
      `${kind} ${location?.file.slice(15)}:${location?.line} ${message}`,
  )
  expect(shown).toEqual([
    'skip skip_SUITE.erl:6 skip_SUITE:a: skipped: not today (that is not declared)',
    'skip skip_SUITE.erl:7 skip_SUITE:b: skipped: not today (that is not declared)',
    'error init_SUITE.erl:5 init_SUITE:init_per_suite: no_database',
    'error end_SUITE.erl:5 end_SUITE:end_per_suite: not_ended',
    'failure demo_SUITE.erl:15 demo_SUITE:fail_case: no match of 4',
    'skip demo_SUITE.erl:16 demo_SUITE:skip_case: skipped: no network <here> (that is not declared)',
    'error demo_SUITE.erl:undefined demo_SUITE:missing_case: demo_SUITE:missing_case is undefined',
    'timeout demo_SUITE.erl:19 demo_SUITE:slow_case: it ran into its timetrap',
    'failure demo_SUITE.erl:21 demo_SUITE:g1.g_fail: no luck',
    'error demo_SUITE.erl:7 demo_SUITE:g2.init_per_group: no_group',
    'skip init_SUITE.erl:5 init_SUITE: 2 cases did not run since init_per_suite failed (no_database): a, b',
    'skip demo_SUITE.erl:10 demo_SUITE: 1 case did not run since init_per_testcase failed (no_case): abort_case',
    'skip demo_SUITE.erl:7 demo_SUITE: 1 case did not run since init_per_group failed (no_group): g2.g_case',
  ])
  expect(counts).toEqual({ tests: 16, failures: 2, errors: 2, skipped: 7 })
})

test('declared skips: a case, a case in a group, a whole suite; and one too many', async () => {
  const declared = {
    skip_SUITE: 'Tuesdays only',
    'demo_SUITE:skip_case': 'no network in the container',
    'demo_SUITE:ok_case': 'outdated',
  }
  const { diagnostics } = await read(fixture('ct/red.xml'), '', declared)
  const skips = diagnostics.filter(({ kind }) => kind === 'skip').map(({ message }) => message)
  expect(skips).toHaveLength(4)
  expect(skips).toContain(
    'demo_SUITE:ok_case is declared as skipped, and no such test was: remove the declaration',
  )
})

test('what did not run because something crashed cannot be declared', async () => {
  const { diagnostics } = await read(fixture('ct/red.xml'), '', { init_SUITE: 'never mind' })
  expect(diagnostics.map(({ message }) => message)).toContain(
    'init_SUITE: 2 cases did not run since init_per_suite failed (no_database): a, b',
  )
})

test.each([
  [
    'no file',
    undefined,
    'report-missing',
    'there is no junit_report.xml in _build/test/logs; Common Test writes it where rebar.config has {ct_opts, [{ct_hooks, [cth_surefire]}]}.',
  ],
  ['no suite', fixture('ct/none.xml').toString(), 'report-missing', 'has no case in it'],
  ['an empty file', '', 'report-invalid', 'it is empty'],
  ['a cut file', green.slice(0, -20), 'report-invalid', 'not well-formed XML'],
  [
    'a lost case',
    green.replace(/<testcase name="ok_case".*?<\/testcase>/, ''),
    'report-invalid',
    'counts tests="1", and has 0',
  ],
])('%s is not green', async (_, text, kind, message) => {
  const report = text === undefined ? await commonTest(folder).read(evidence({})) : await read(text)
  expect(report.diagnostics).toMatchObject([{ kind, message: expect.stringContaining(message) }])
})

test('a lost suite is noticed by what Common Test has printed', async () => {
  const { diagnostics } = await read(green, 'All 2 tests passed.\n')
  expect(diagnostics).toMatchObject([
    {
      kind: 'report-invalid',
      message: expect.stringContaining('there were 2 cases, the report has 1'),
    },
  ])
})

test("rebar3's link to the last run is not a second one", async () => {
  const files = { [at]: green, [`${folder}/last/junit_report.xml`]: green }
  const { counts } = await commonTest(folder).read(evidence(files))
  expect(counts?.tests).toBe(1)
})
