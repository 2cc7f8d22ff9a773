import { originOf } from '@erlmcp/core'
import type { Reader } from '../reading.ts'
import { type EunitOutput, eunitOutput } from './eunit-output.ts'
import { filesAt, inFile, NoEvidence, reader, Unreadable } from './guarded.ts'
import { type JunitCase, type JunitMark, readJunit } from './junit.ts'
import { counterCheck } from './junit-counters.ts'
import { placeOfTrace } from './place.ts'
import { reasonOf } from './reason.ts'
import { refuseNoReason } from './reasons.ts'
import { type DeclaredSkips, type SkipLedger, skipLedger } from './skips.ts'
import { type Tally, type TestProblem, tally } from './tally.ts'
import { clip } from './text.ts'

export interface SurefireOptions {
  /** Tests that may be skipped. Default: none. */
  readonly skips?: DeclaredSkips
}

/**
 * Reads the reports of EUnit: `{eunit_opts, [{report, {eunit_surefire, [{dir, Path}]}}]}`.
 *
 * It believes the tests in a report, not its counters, and asks that both agree, also with what
 * EUnit has printed. A test that timed out is a problem of its own: EUnit calls it skipped and
 * counts no failure.
 *
 * @param path the folder of `TEST-*.xml`, below the project
 * @throws UserError for a skip without a reason
 * @example
 * surefire('_build/test/reports', { skips: { 'demo_tests:ipv6_test': 'no IPv6 in the container' } })
 */
export function surefire(path: string, options: SurefireOptions = {}): Reader {
  refuseNoReason('skip', options.skips ?? {}, originOf(surefire))
  return reader('EUnit reports', [path], async (evidence) => {
    const files = filesAt(evidence, path, (name) => /^TEST-[^/]*\.xml$/.test(name))
    if (files.length === 0) {
      throw new NoEvidence(
        `there is no TEST-*.xml in ${path}; EUnit writes them where rebar.config has {eunit_opts, [{report, {eunit_surefire, [{dir, "${path}"}]}}]}.`,
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
            judge(one, evidence.root, tests, skips)
          },
          onSuite: check.onSuite,
        }),
      )
    }
    const output = await eunitOutput(evidence)
    for (const problem of [...output.problems, ...skips.unused()]) tests.problems.add(problem)
    if (tests.problems.count === 0) agree(tests, output)
    return tests.reading()
  })
}

function judge(one: JunitCase, root: string, tests: Tally, skips: SkipLedger): void {
  const { suite, name } = nameOf(one)
  const test = `${suite}:${name}`
  const mark = one.marks.find(({ element }) => element !== 'skipped') ?? one.marks[0]
  const problem = mark && problemOf(mark, test, root)
  tests.count({ suite, name, time: one.time }, problem)
  if (problem && !(problem.kind === 'skip' && skips.allows(test, suite))) {
    tests.problems.add(problem)
  }
}

/** `demo_tests:7 add_test` begins on line 7 of demo_tests; a fixture names no module. */
function nameOf({ name, suite }: JunitCase): { suite: string; name: string } {
  const [, module, test] = /^([^\s:]+):\d+ (.+)$/s.exec(name) ?? []
  if (module && test) return { suite: module, name: test }
  return { suite: suite.replace(/^\w+ ["'](.*)["']$/, '$1') || 'eunit', name }
}

function problemOf({ element, type, text }: JunitMark, test: string, root: string): TestProblem {
  const location = placeOfTrace(text, root)
  const rest = { test, ...(location && { location }), detail: clip(text) }
  if (element !== 'skipped') {
    const { kind, message } = reasonIn(text)
    return { kind, message: `${test}: ${message}`, ...rest }
  }
  return type === 'timeout'
    ? { kind: 'timeout', message: `${test}: it timed out`, ...rest }
    : { kind: 'skip', message: `${test}: it did not run (${type || 'no reason given'})`, ...rest }
}

/** The term that EUnit prints below the trace: `**error:{badmatch,2}`. */
function reasonIn(text: string): ReturnType<typeof reasonOf> {
  const at = text.search(/^\*\*(?:error|exit|throw):/m)
  const term = at < 0 ? text : text.slice(text.indexOf(':', at) + 1)
  const missing = /in function (\S+)/.exec(text)?.[1]
  return term.trim() === 'undef' && missing
    ? { kind: 'error', message: `${missing} is undefined` }
    : reasonOf(term)
}

/** Tests without a problem: as many as EUnit says, and at least one. */
function agree({ counts }: Tally, { passed, cancelled }: EunitOutput): void {
  if (cancelled) throw new Unreadable('EUnit has cancelled tests, and no report says which')
  if (counts.tests === 0) throw new NoEvidence('the reports have no test in them')
  const reported = counts.tests - counts.skipped
  if (passed !== undefined && passed !== reported) {
    throw new Unreadable(`EUnit says that ${passed} passed, and the reports have ${reported}`)
  }
}
