import { originOf } from '@erlmcp/core'
import { type BlockedTests, blockedTests, findBlocker } from './blocked-tests.ts'
import { parseFailure } from './failure-message.ts'
import { type JunitCase, type JunitMark, readJunit } from './junit.ts'
import { counterCheck } from './junit-counters.ts'
import { filesAt, reader } from './reader.ts'
import type { Evidence, Reader } from './report.ts'
import { inFile, ReportMissingError, ReportParseError } from './report-errors.ts'
import { validateReasons } from './required-reason.ts'
import { type DeclaredSkips, type SkipLedger, skipLedger } from './skips.ts'
import { sourceLocation, traceLocation } from './source-location.ts'
import { type Tally, type TestDiagnostic, tally } from './tally.ts'
import { elementsOf, unquoted } from './term-text.ts'
import { clip, linesOf, oneLine } from './text.ts'

export interface CommonTestOptions {
  /** Cases that may return `{skip, Reason}`. Default: none. */
  readonly skips?: DeclaredSkips
  /** File name of the report, as in `{cth_surefire, [{path, Name}]}`. Default: `junit_report.xml`. */
  readonly report?: string
}

const defaultReport = 'junit_report.xml'

/**
 * Reads the report of Common Test's hook cth_surefire.
 *
 * A crash in `init_per_suite` or `end_per_suite` is an error, although the counters of the report
 * leave it out; the cases that it blocked are one diagnostic. A case that returns `{skip, Reason}`
 * must be declared.
 *
 * @param path folder of the logs, below the project
 * @throws UserError for a skip without a reason
 * @example
 * commonTest('_build/test/logs', { skips: { 'demo_SUITE:ipv6': 'no IPv6 in the container' } })
 */
export function commonTest(path: string, options: CommonTestOptions = {}): Reader {
  const { report = defaultReport, skips: declared = {} } = options
  validateReasons('skip', declared, originOf(commonTest))
  return reader('Common Test report', [path], async (evidence) => {
    // `last` is rebar3's link to the newest run: its cases would count twice.
    const isReport = (name: string) =>
      !name.startsWith('last/') && `/${name}`.endsWith(`/${report}`)
    const files = filesAt(evidence, path, isReport)
    if (files.length === 0)
      throw new ReportMissingError(`no ${report} in ${path}. ${hintFor(report)}`)
    const skips = skipLedger(declared)
    const tests = tally()
    for (const file of files) {
      const check = counterCheck(({ name }) => !isConfiguration(name))
      const blocked = blockedTests(tests.diagnostics)
      const onCase = (one: JunitCase) => {
        check.onCase(one)
        addTest(one, evidence.root, { tests, skips, blocked })
      }
      await inFile(file, () => readJunit(file, { onCase, onSuite: check.onSuite }))
      blocked.close()
    }
    for (const diagnostic of skips.unused()) tests.diagnostics.add(diagnostic)
    if (tests.diagnostics.count === 0) await validateCounts(tests, evidence)
    return tests.report()
  })
}

function hintFor(report: string): string {
  const hook = report === defaultReport ? 'cth_surefire' : `{cth_surefire, [{path, "${report}"}]}`
  return `Write to rebar.config: {ct_opts, [{ct_hooks, [${hook}]}]}.`
}

/** The report has these functions as tests, but its counters leave them out. */
const isConfiguration = (name: string) => /^(init|end)_per_(suite|group)$/.test(name)

interface Results {
  readonly tests: Tally
  readonly skips: SkipLedger
  readonly blocked: BlockedTests
}

function addTest(one: JunitCase, root: string, { tests, skips, blocked }: Results): void {
  const name = one.group ? `${one.group}.${one.name}` : one.name
  const test = `${one.suite}:${name}`
  const mark = one.marks.find(({ element }) => element !== 'skipped') ?? one.marks[0]
  const diagnostic = mark && diagnosticOf(mark, { one, test, root })
  const isCase = !isConfiguration(one.name)
  if (isCase) tests.count({ suite: one.suite, name, time: one.time }, diagnostic)
  if (!diagnostic || !mark) return
  const blocker = diagnostic.kind === 'skip' ? findBlocker(mark.text) : undefined
  if (diagnostic.kind !== 'skip') tests.diagnostics.add(diagnostic)
  // A skipped configuration function is a consequence of the same blocker.
  else if (blocker) blocked.add(one.suite, blocker, isCase ? diagnostic : undefined)
  else if (isCase && !skips.allows(`${one.suite}:${one.name}`, test, one.suite)) {
    tests.diagnostics.add({ ...diagnostic, message: `${diagnostic.message} (not declared)` })
  }
}

function diagnosticOf(
  { element, text }: JunitMark,
  { one, test, root }: { one: JunitCase; test: string; root: string },
): TestDiagnostic {
  const own = one.file ? sourceLocation(root, one.file, one.line) : undefined
  const location = traceLocation(text, root) ?? own
  const rest = { test, ...(location && { location }), detail: clip(text) }
  if (element === 'skipped') {
    const [, reason = text] = elementsOf(text) ?? []
    return {
      kind: 'skip',
      message: `${test}: skipped: ${oneLine(unquoted(reason))}`,
      ...rest,
    }
  }
  const { kind, message } = parseFailure(text)
  return { kind, message: `${test}: ${message}`, ...rest }
}

/** Without a diagnostic there must be a case, and as many as Common Test printed. */
async function validateCounts({ counts }: Tally, { output }: Evidence): Promise<void> {
  if (counts.tests === 0) throw new ReportMissingError('the report has no case')
  let printed: number | undefined
  for await (const line of linesOf(output)) {
    const all = /^All (\d+) tests passed\.$/.exec(line)
    const some =
      /^(?:Failed (\d+) tests\. )?Skipped (\d+) \(\d+, \d+\) tests\. Passed (\d+) tests/.exec(line)
    if (all) printed = Number(all[1])
    if (some) printed = Number(some[1] ?? 0) + Number(some[2]) + Number(some[3])
  }
  if (printed !== undefined && printed !== counts.tests) {
    throw new ReportParseError(
      `Common Test printed ${printed} cases, but the report has ${counts.tests}`,
    )
  }
}
