import { originOf } from '@erlmcp/core'
import { type EunitOutput, eunitOutput } from './eunit-output.ts'
import { parseFailure } from './failure-message.ts'
import { type JunitCase, type JunitMark, readJunit } from './junit.ts'
import { counterCheck } from './junit-counters.ts'
import { filesAt, reader } from './reader.ts'
import type { Reader } from './report.ts'
import { inFile, ReportMissingError, ReportParseError } from './report-errors.ts'
import { validateReasons } from './required-reason.ts'
import { type DeclaredSkips, type SkipLedger, skipLedger } from './skips.ts'
import { traceLocation } from './source-location.ts'
import { type Tally, type TestDiagnostic, tally } from './tally.ts'
import { clip } from './text.ts'

export interface SurefireOptions {
  /** Tests that may be skipped. Default: none. */
  readonly skips?: DeclaredSkips
}

/**
 * Reads the reports of EUnit: `{eunit_opts, [{report, {eunit_surefire, [{dir, Path}]}}]}`.
 *
 * It counts the tests in a report, and requires the counters and the output of EUnit to agree. A
 * test that timed out is a diagnostic, while EUnit calls it skipped and counts no failure.
 *
 * @param path folder of `TEST-*.xml`, below the project
 * @throws UserError for a skip without a reason
 * @example
 * surefire('_build/test/reports', { skips: { 'demo_tests:ipv6_test': 'no IPv6 in the container' } })
 */
export function surefire(path: string, options: SurefireOptions = {}): Reader {
  validateReasons('skip', options.skips ?? {}, originOf(surefire))
  return reader('EUnit reports', [path], async (evidence) => {
    const files = filesAt(evidence, path, (name) => /^TEST-[^/]*\.xml$/.test(name))
    if (files.length === 0) {
      throw new ReportMissingError(
        `no TEST-*.xml in ${path}. Write to rebar.config: {eunit_opts, [{report, {eunit_surefire, [{dir, "${path}"}]}}]}.`,
      )
    }
    const skips = skipLedger(options.skips ?? {})
    const tests = tally()
    for (const file of files) {
      const check = counterCheck()
      await inFile(file, () =>
        readJunit(file, {
          onCase: (one) => {
            check.onCase(one)
            addTest(one, evidence.root, tests, skips)
          },
          onSuite: check.onSuite,
        }),
      )
    }
    const output = await eunitOutput(evidence)
    for (const diagnostic of [...output.diagnostics, ...skips.unused()])
      tests.diagnostics.add(diagnostic)
    if (tests.diagnostics.count === 0) validateCounts(tests, output)
    return tests.report()
  })
}

function addTest(one: JunitCase, root: string, tests: Tally, skips: SkipLedger): void {
  const { suite, name } = nameOf(one)
  const test = `${suite}:${name}`
  const mark = one.marks.find(({ element }) => element !== 'skipped') ?? one.marks[0]
  const diagnostic = mark && diagnosticOf(mark, test, root)
  tests.count({ suite, name, time: one.time }, diagnostic)
  if (diagnostic && !(diagnostic.kind === 'skip' && skips.allows(test, suite))) {
    tests.diagnostics.add(diagnostic)
  }
}

/** `demo_tests:7 add_test` is on line 7 of demo_tests; a fixture has no module. */
function nameOf({ name, suite }: JunitCase): { suite: string; name: string } {
  const [, module, test] = /^([^\s:]+):\d+ (.+)$/s.exec(name) ?? []
  if (module && test) return { suite: module, name: test }
  return { suite: suite.replace(/^\w+ ["'](.*)["']$/, '$1') || 'eunit', name }
}

function diagnosticOf(
  { element, type, text }: JunitMark,
  test: string,
  root: string,
): TestDiagnostic {
  const location = traceLocation(text, root)
  const rest = { test, ...(location && { location }), detail: clip(text) }
  if (element !== 'skipped') {
    const { kind, message } = failureIn(text)
    return { kind, message: `${test}: ${message}`, ...rest }
  }
  return type === 'timeout'
    ? { kind: 'timeout', message: `${test}: timed out`, ...rest }
    : { kind: 'skip', message: `${test}: skipped (${type || 'without a reason'})`, ...rest }
}

/** From the term that EUnit prints below the trace: `**error:{badmatch,2}`. */
function failureIn(text: string): ReturnType<typeof parseFailure> {
  const at = text.search(/^\*\*(?:error|exit|throw):/m)
  const term = at < 0 ? text : text.slice(text.indexOf(':', at) + 1)
  const missing = /in function (\S+)/.exec(text)?.[1]
  return term.trim() === 'undef' && missing
    ? { kind: 'error', message: `${missing} is undefined` }
    : parseFailure(term)
}

/** Without a diagnostic there must be a test, and as many as EUnit printed. */
function validateCounts({ counts }: Tally, { passed, cancelled }: EunitOutput): void {
  if (cancelled) throw new ReportParseError('EUnit cancelled tests, but no report names them')
  if (counts.tests === 0) throw new ReportMissingError('the reports have no test')
  const reported = counts.tests - counts.skipped
  if (passed !== undefined && passed !== reported) {
    throw new ReportParseError(
      `EUnit printed ${passed} passed tests, but the reports have ${reported}`,
    )
  }
}
