import { expect, test } from 'vitest'
import { evidence, fixture } from '../testing/evidence.ts'
import { surefire } from './surefire.ts'

const folder = '_build/test/reports'
const read = (
  report: string | Uint8Array,
  output: string | Uint8Array = '',
  skips: Record<string, string> = {},
) =>
  surefire(folder, { skips }).read(
    evidence({ [`${folder}/TEST-file_demo.app.xml`]: report }, output),
  )

const green = fixture('eunit/green.xml').toString()

test('a report in which all passed', async () => {
  const { diagnostics, counts, tests } = await read(green, fixture('eunit/green.txt'))
  expect(diagnostics).toEqual([])
  expect(counts).toEqual({ tests: 3, failures: 0, errors: 0, skipped: 0 })
  expect(tests?.map(({ suite, name, outcome }) => `${suite}:${name} ${outcome}`)).toEqual([
    'demo_tests:add_test passed',
    'demo_tests:-one_test_/0-fun-3- passed',
    'demo_tests:-one_test_/0-fun-1- (two) passed',
  ])
})

test('failures, crashes and timeouts with locations', async () => {
  const { diagnostics, counts } = await read(fixture('eunit/red.xml'))
  const shown = diagnostics.map(
    ({ kind, message, location }) =>
      `${kind} ${location ? `${location.file}:${location.line}` : '-'} ${message}`,
  )
  expect(shown).toEqual([
    'failure apps/demo/test/demo_tests.erl:5 demo_tests:fail_test: assertEqual(demo:add(1, 2)): expected 4, value 3',
    'failure apps/demo/test/demo_tests.erl:6 demo_tests:assert_test: assert(false): expected true, value false',
    'failure apps/demo/test/demo_tests.erl:7 demo_tests:match_test: assertMatch(demo:sign(1)): pattern { ok , _ }, value positive',
    'failure apps/demo/test/demo_tests.erl:8 demo_tests:exc_test: assertException(demo:sign(0)): pattern { error , badarg , [...] }, unexpected success zero',
    'failure apps/demo/test/demo_tests.erl:9 demo_tests:badmatch_test: no match of 2',
    'error - demo_tests:crash_test: nomod:nofun/1 is undefined',
    'error apps/demo/test/demo_tests.erl:11 demo_tests:exit_test: byebye',
    'error apps/demo/test/demo_tests.erl:12 demo_tests:throw_test: {ball,<<120,93,93,62,1>>}',
    'error apps/demo/src/demo.erl:18 demo_tests:deep_test: badarith',
    'timeout - demo_tests:-slow_test_/0-fun-0-: timed out',
  ])
  expect(counts).toEqual({ tests: 12, failures: 5, errors: 5, skipped: 0 })
  expect(diagnostics[0]?.detail).toContain('{expression,"demo : add ( 1 , 2 )"}')
})

test('the output has a crashed generator, which no report has', async () => {
  const { diagnostics } = await read(fixture('eunit/fixtures.xml'), fixture('eunit/fixtures.txt'))
  expect(diagnostics.map(({ message, location }) => `${location?.line} ${message}`)).toEqual([
    '4 demo.app:fixture setup [1,1,1,1,2]: nosetup',
    '5 demo.app:fixture cleanup [1,1,1,1,3]: nocleanup',
    '6 test generator demo_tests:gen_test_/0 failed: generator',
  ])
})

const one = (mark: string, counters = 'errors="0" skipped="1"') =>
  `<testsuite tests="1" failures="0" ${counters} name="module 'a'"><testcase time="0.1" name="a_tests:0 b_test">${mark}</testcase></testsuite>`

test('a skip must be declared, and a declaration must be used', async () => {
  const report = one('<skipped type="module_not_found">{no_such,x}</skipped>')
  const undeclared = await read(report)
  expect(undeclared.diagnostics).toMatchObject([{ kind: 'skip', test: 'a_tests:b_test' }])
  const declared = await read(report, '', { 'a_tests:b_test': 'needs hardware' })
  expect(declared.diagnostics).toEqual([])
  expect(declared.counts?.skipped).toBe(1)
  const stale = await read(green, '', { 'gone_tests:b_test': 'needs hardware' })
  expect(stale.diagnostics).toMatchObject([
    {
      kind: 'skip',
      message: 'unused skip gone_tests:b_test: no such test was skipped. Remove the declaration',
    },
  ])
})

test('a declaration does not cover a timeout', async () => {
  const report = one('<skipped type="timeout">\n</skipped>')
  const { diagnostics } = await read(report, '', { 'a_tests:b_test': 'slow' })
  expect(diagnostics.map(({ kind }) => kind)).toEqual(['timeout', 'skip'])
})

test.each([
  [
    'no file',
    undefined,
    'report-missing',
    'no TEST-*.xml in _build/test/reports. Write to rebar.config: {eunit_opts, [{report, {eunit_surefire, [{dir, "_build/test/reports"}]}}]}.',
  ],
  ['an empty file', '', 'report-invalid', 'empty file'],
  ['a truncated file', green.slice(0, 400), 'report-invalid', 'malformed XML'],
  ['bytes', Buffer.from([0x3c, 0xff, 0xfe, 0]), 'report-invalid', 'invalid UTF-8'],
  ['another root', '<html/>', 'report-invalid', 'unexpected <html> as root'],
  [
    'no test',
    green.replace(/<testcase[\s\S]*<\/testcase>/, '').replace('tests="3"', 'tests="0"'),
    'report-missing',
    'the reports have no test',
  ],
  [
    'a wrong counter',
    green.replace('tests="3"', 'tests="4"'),
    'report-invalid',
    'tests="4", but the suite has 3',
  ],
  [
    'a hidden failure',
    one('<failure/>', 'errors="0" skipped="0"'),
    'report-invalid',
    'failures="0", but the suite has 1',
  ],
  ['no counters', green.replace('errors="0"', ''), 'report-invalid', 'errors="" is not a number'],
  [
    'a document type',
    `<!DOCTYPE x [<!ENTITY a "b">]>${green.replace(/<\?.*\?>\n/, '')}`,
    'report-invalid',
    'document type',
  ],
])('%s does not pass', async (_, text, kind, message) => {
  const report = text === undefined ? await surefire(folder).read(evidence({})) : await read(text)
  expect(report.diagnostics).toMatchObject([{ kind, message: expect.stringContaining(message) }])
})

test('a missing report contradicts the output of EUnit', async () => {
  const { diagnostics } = await read(green, '  All 5 tests passed.\n')
  expect(diagnostics).toMatchObject([
    {
      kind: 'report-invalid',
      message: expect.stringContaining('EUnit printed 5 passed tests, but the reports have 3'),
    },
  ])
})

test('cancelled tests fail the gate, even if all reported tests passed', async () => {
  const { diagnostics } = await read(green, 'One or more tests were cancelled.\n')
  expect(diagnostics).toMatchObject([{ kind: 'report-invalid' }])
})

test('a large report is read in little memory', async () => {
  const output = `<system-out>${'x'.repeat(1_000_000)}</system-out>`
  const cases = `<testcase time="0.1" name="a_tests:0 b_test">${output}</testcase>`
  const reports = 120
  const file = {
    path: `${folder}/TEST-a.xml`,
    *chunks() {
      yield Buffer.from(
        `<testsuite tests="${reports}" failures="0" errors="0" skipped="0" name="a">`,
      )
      for (let at = 0; at < reports; at += 1) yield Buffer.from(cases)
      yield Buffer.from('</testsuite>')
    },
  }
  const before = process.memoryUsage().rss
  const { diagnostics, counts } = await surefire(folder).read({ ...evidence({}), files: [file] })
  expect(diagnostics).toEqual([])
  expect(counts?.tests).toBe(reports)
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})
