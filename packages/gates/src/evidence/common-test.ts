import { originOf } from '@erlmcp/core'
import type { Evidence, Reader } from '../reading.ts'
import { type Casualties, casualties, causeOf } from './casualties.ts'
import { filesAt, inFile, NoEvidence, reader, Unreadable } from './guarded.ts'
import { type JunitCase, type JunitMark, readJunit } from './junit.ts'
import { counterCheck } from './junit-counters.ts'
import { placeIn, placeOfTrace } from './place.ts'
import { reasonOf } from './reason.ts'
import { refuseNoReason } from './reasons.ts'
import { type DeclaredSkips, type SkipLedger, skipLedger } from './skips.ts'
import { type Tally, type TestProblem, tally } from './tally.ts'
import { elementsOf, unquoted } from './term-text.ts'
import { clip, linesOf, oneLine } from './text.ts'

export interface CommonTestOptions {
  /** Cases that may say `{skip, Reason}`. Default: none. */
  readonly skips?: DeclaredSkips
  /** Name of the report, as `{ct_hooks, [{cth_surefire, [{path, Name}]}]}` has it. */
  readonly report?: string
}

const defaultReport = 'junit_report.xml'

/**
 * Reads the report of Common Test's hook cth_surefire.
 *
 * A crash in `init_per_suite` or `end_per_suite` is an error, although the report's counters leave
 * it out; the cases that could not run because of it are one problem together. A case that says
 * `{skip, Reason}` has to be declared.
 *
 * @param path the folder of the logs, below the project
 * @throws UserError for a skip without a reason
 * @example
 * commonTest('_build/test/logs', { skips: { 'demo_SUITE:ipv6': 'no IPv6 in the container' } })
 */
export function commonTest(path: string, options: CommonTestOptions = {}): Reader {
  const { report = defaultReport, skips: declared = {} } = options
  refuseNoReason('skip', declared, originOf(commonTest))
  return reader('Common Test report', [path], async (evidence) => {
    // rebar3's link to the newest run, which would count every case twice
    const isReport = (name: string) =>
      !name.startsWith('last/') && `/${name}`.endsWith(`/${report}`)
    const files = filesAt(evidence, path, isReport)
    if (files.length === 0)
      throw new NoEvidence(`there is no ${report} in ${path}; ${howTo(report)}`)
    const skips = skipLedger(declared)
    const tests = tally()
    for (const file of files) {
      const check = counterCheck(({ name }) => !isAround(name))
      const lost = casualties(tests.problems)
      const onCase = (one: JunitCase) => {
        check.onCase(one)
        judge(one, evidence.root, { tests, skips, lost })
      }
      await inFile(file, () => readJunit(file, { onCase, onSuite: check.onSuite }))
      lost.close()
    }
    for (const problem of skips.unused()) tests.problems.add(problem)
    if (tests.problems.count === 0) await agree(tests, evidence)
    return tests.reading()
  })
}

function howTo(report: string): string {
  const hook = report === defaultReport ? 'cth_surefire' : `{cth_surefire, [{path, "${report}"}]}`
  return `Common Test writes it where rebar.config has {ct_opts, [{ct_hooks, [${hook}]}]}.`
}

/** Common Test's functions around the cases are tests in the report, and not in its counters. */
const isAround = (name: string) => /^(init|end)_per_(suite|group)$/.test(name)

interface Judging {
  readonly tests: Tally
  readonly skips: SkipLedger
  readonly lost: Casualties
}

function judge(one: JunitCase, root: string, { tests, skips, lost }: Judging): void {
  const name = one.group ? `${one.group}.${one.name}` : one.name
  const test = `${one.suite}:${name}`
  const mark = one.marks.find(({ element }) => element !== 'skipped') ?? one.marks[0]
  const problem = mark && problemOf(mark, { one, test, root })
  const around = isAround(one.name)
  if (!around) tests.count({ suite: one.suite, name, time: one.time }, problem)
  if (!problem || !mark) return
  const cause = problem.kind === 'skip' ? causeOf(mark.text) : undefined
  if (problem.kind !== 'skip') tests.problems.add(problem)
  // What surrounds the cases is skipped with them, and the cases say so.
  else if (cause) lost.add(one.suite, cause, around ? undefined : problem)
  else if (!around && !skips.allows(`${one.suite}:${one.name}`, test, one.suite)) {
    tests.problems.add({ ...problem, message: `${problem.message} (that is not declared)` })
  }
}

function problemOf(
  { element, text }: JunitMark,
  { one, test, root }: { one: JunitCase; test: string; root: string },
): TestProblem {
  const own = one.file ? placeIn(root, one.file, one.line) : undefined
  const location = placeOfTrace(text, root) ?? own
  const rest = { test, ...(location && { location }), detail: clip(text) }
  if (element === 'skipped') {
    const [, why = text] = elementsOf(text) ?? []
    return {
      kind: 'skip',
      message: `${test}: skipped: ${oneLine(unquoted(why))}`,
      ...rest,
    }
  }
  const { kind, message } = reasonOf(text)
  return { kind, message: `${test}: ${message}`, ...rest }
}

/** Tests without a problem: as many as Common Test says, and at least one. */
async function agree({ counts }: Tally, { output }: Evidence): Promise<void> {
  if (counts.tests === 0) throw new NoEvidence('the report has no case in it')
  let said: number | undefined
  for await (const line of linesOf(output)) {
    const all = /^All (\d+) tests passed\.$/.exec(line)
    const some =
      /^(?:Failed (\d+) tests\. )?Skipped (\d+) \(\d+, \d+\) tests\. Passed (\d+) tests/.exec(line)
    if (all) said = Number(all[1])
    if (some) said = Number(some[1] ?? 0) + Number(some[2]) + Number(some[3])
  }
  if (said !== undefined && said !== counts.tests) {
    throw new Unreadable(
      `Common Test says that there were ${said} cases, the report has ${counts.tests}`,
    )
  }
}
