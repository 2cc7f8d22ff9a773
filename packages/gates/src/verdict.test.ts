import { expect, test } from 'vitest'
import type { GateDiagnostic, Report } from './evidence/report.ts'
import { lastLinesOf } from './evidence/text.ts'
import { evidence } from './testing/evidence.ts'
import { type Ending, evaluateGate } from './verdict.ts'

const evaluate = (ending: Ending, reports: readonly Report[] = [], sources: string[] = []) =>
  evaluateGate(
    {
      name: 'eunit',
      service: 'erlmcp-unit',
      command: ['rebar3', 'eunit'],
      started: 0,
      seconds: 1.5,
      ending,
      output: 'one\ntwo\n',
    },
    reports,
    { sources },
  )

const messages = (result: { diagnostics: readonly GateDiagnostic[] }) =>
  result.diagnostics.map(({ kind, message }) => `${kind}: ${message}`)

const ok = { kind: 'exit', code: 0 } as const
const failure: GateDiagnostic = {
  kind: 'failure',
  message: 'demo_tests:a: 1 is not 2',
  test: 'demo_tests:a',
}
const counts = { tests: 3, failures: 0, errors: 0, skipped: 1 }

test('exit code 0 and reports without diagnostics pass', () => {
  const result = evaluate(ok, [
    { diagnostics: [], counts },
    { diagnostics: [], counts },
  ])
  expect(result).toMatchObject({ verdict: 'passed', diagnostics: [], tests: [], comparisons: [] })
  expect(result.counts).toEqual({ tests: 6, failures: 0, errors: 0, skipped: 2 })
})

test('exit code 0 with a diagnostic fails', () => {
  expect(evaluate(ok, [{ diagnostics: [failure] }])).toMatchObject({
    verdict: 'failed',
    diagnostics: [failure],
  })
})

test('another exit code without a diagnostic fails, with the end of the output', () => {
  const result = evaluate({ kind: 'exit', code: 1 }, [{ diagnostics: [] }])
  expect(result).toMatchObject({
    verdict: 'failed',
    diagnostics: [
      { kind: 'exit', message: 'the command failed with exit code 1', detail: 'one\ntwo' },
    ],
  })
})

test('a failure explains another exit code, a skip does not', () => {
  const one = { kind: 'exit', code: 1 } as const
  expect(messages(evaluate(one, [{ diagnostics: [failure] }]))).toEqual([
    'failure: demo_tests:a: 1 is not 2',
  ])
  const skip: GateDiagnostic = { kind: 'skip', message: 'a:b: skipped' }
  expect(messages(evaluate(one, [{ diagnostics: [skip] }]))).toEqual([
    'exit: the command failed with exit code 1',
    'skip: a:b: skipped',
  ])
})

test.each<[Ending, string]>([
  [
    { kind: 'exit', code: 137 },
    'killed: the gate was killed by SIGKILL, by a user or by the kernel when memory ran out',
  ],
  [{ kind: 'exit', code: 143 }, 'killed: the gate was killed by SIGTERM'],
  [{ kind: 'exit', code: 255 }, 'exit: the command failed with exit code 255'],
  [{ kind: 'exit', code: Number.NaN }, 'exit: unknown exit code'],
  [{ kind: 'exit', code: -1 }, 'exit: unknown exit code'],
  [{ kind: 'timeout' }, 'timeout: the gate exceeded its timeout and was killed'],
  [
    { kind: 'killed', why: 'it used more memory than its limit' },
    'killed: the gate was killed: it used more memory than its limit',
  ],
  [{ kind: 'not-started', why: 'no such image' }, 'exit: the container did not start'],
  [{ kind: 'blocked', by: ['compile'] }, 'not-run: skipped: compile did not pass'],
  [{ kind: 'blocked', by: ['eunit', 'ct'] }, 'not-run: skipped: eunit and ct did not pass'],
])('%j does not pass', (ending, message) => {
  const result = evaluate(ending)
  expect(messages(result)).toEqual([message])
  expect(result.verdict).toBe(ending.kind === 'blocked' ? 'skipped' : 'failed')
})

test('a failed test does not hide that the gate was killed', () => {
  const result = evaluate({ kind: 'exit', code: 137 }, [{ diagnostics: [failure] }])
  expect(messages(result).map((text) => text.split(':')[0])).toEqual(['killed', 'failure'])
})

test('a report that is missing because of a timeout is not a second diagnostic', () => {
  const missing: GateDiagnostic = { kind: 'report-missing', message: 'no file' }
  expect(messages(evaluate({ kind: 'timeout' }, [{ diagnostics: [missing] }]))).toHaveLength(1)
  expect(messages(evaluate(ok, [{ diagnostics: [missing] }]))).toEqual(['report-missing: no file'])
})

test('a module has a location if exactly one file has its name', () => {
  const coverage = { covered: 1, lines: 2, modules: [{ module: 'demo', covered: 1, lines: 2 }] }
  const sources = ['apps/demo/src/demo.erl', 'apps/demo/test/demo_tests.erl', '_build/demo.erl']
  const result = evaluate(ok, [{ diagnostics: [failure], coverage }], sources)
  expect(result.diagnostics[0]?.location).toEqual({ file: 'apps/demo/test/demo_tests.erl' })
  expect(result.coverage?.modules[0]?.file).toBe('apps/demo/src/demo.erl')
  const twice = evaluate(ok, [{ diagnostics: [failure] }], ['a/demo_tests.erl', 'b/demo_tests.erl'])
  expect(twice.diagnostics[0]?.location).toBeUndefined()
})

test('the end of a long output', async () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `line ${at}`).join('\n')
  const tail = await lastLinesOf(evidence({}, lines).output, 3)
  expect(tail).toBe('line 4997\nline 4998\nline 4999')
})
