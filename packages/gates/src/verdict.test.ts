import { expect, test } from 'vitest'
import type { GateDiagnostic, Report } from './evidence/report.ts'
import { tailOf } from './evidence/tail.ts'
import { evidence } from './testing/evidence.ts'
import { type Ending, evaluateGate } from './verdict.ts'

const judge = (ending: Ending, reports: readonly Report[] = [], sources: string[] = []) =>
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

const said = (result: { diagnostics: readonly GateDiagnostic[] }) =>
  result.diagnostics.map(({ kind, message }) => `${kind}: ${message}`)

const ok = { kind: 'exit', code: 0 } as const
const failure: GateDiagnostic = {
  kind: 'failure',
  message: 'demo_tests:a: 1 is not 2',
  test: 'demo_tests:a',
}
const counts = { tests: 3, failures: 0, errors: 0, skipped: 1 }

test('exit code 0 and clean evidence are green', () => {
  const result = judge(ok, [
    { diagnostics: [], counts },
    { diagnostics: [], counts },
  ])
  expect(result).toMatchObject({ verdict: 'green', diagnostics: [], tests: [], comparisons: [] })
  expect(result.counts).toEqual({ tests: 6, failures: 0, errors: 0, skipped: 2 })
})

test('exit code 0 with a problem is red', () => {
  expect(judge(ok, [{ diagnostics: [failure] }])).toMatchObject({
    verdict: 'red',
    diagnostics: [failure],
  })
})

test('another code without a problem is red, with the end of the output', () => {
  const result = judge({ kind: 'exit', code: 1 }, [{ diagnostics: [] }])
  expect(result).toMatchObject({
    verdict: 'red',
    diagnostics: [
      { kind: 'exit', message: 'its command ended with exit code 1', detail: 'one\ntwo' },
    ],
  })
})

test('another code is explained by what failed, not by a skip', () => {
  const one = { kind: 'exit', code: 1 } as const
  expect(said(judge(one, [{ diagnostics: [failure] }]))).toEqual([
    'failure: demo_tests:a: 1 is not 2',
  ])
  const skip: GateDiagnostic = { kind: 'skip', message: 'a:b: skipped' }
  expect(said(judge(one, [{ diagnostics: [skip] }]))).toEqual([
    'exit: its command ended with exit code 1',
    'skip: a:b: skipped',
  ])
})

test.each<[Ending, string]>([
  [
    { kind: 'exit', code: 137 },
    'killed: it was ended by SIGKILL: by a person, or by the kernel when memory was out',
  ],
  [{ kind: 'exit', code: 143 }, 'killed: it was ended by SIGTERM'],
  [{ kind: 'exit', code: 255 }, 'exit: its command ended with exit code 255'],
  [{ kind: 'exit', code: Number.NaN }, 'exit: its exit code is not known'],
  [{ kind: 'exit', code: -1 }, 'exit: its exit code is not known'],
  [{ kind: 'timeout' }, 'timeout: it took longer than it may, and was ended'],
  [
    { kind: 'killed', why: 'it used more memory than its limit' },
    'killed: it was ended from outside: it used more memory than its limit',
  ],
  [{ kind: 'refused', why: 'no such image' }, 'exit: its container did not start'],
  [{ kind: 'blocked', by: ['compile'] }, 'not-run: it did not run, since compile is not green'],
  [
    { kind: 'blocked', by: ['eunit', 'ct'] },
    'not-run: it did not run, since eunit and ct are not green',
  ],
])('%j is red', (ending, message) => {
  const result = judge(ending)
  expect(said(result)).toEqual([message])
  expect(result.verdict).toBe('red')
})

test('a failed test does not hide that the gate was killed', () => {
  const result = judge({ kind: 'exit', code: 137 }, [{ diagnostics: [failure] }])
  expect(said(result).map((text) => text.split(':')[0])).toEqual(['killed', 'failure'])
})

test('evidence that is missing because of a timeout is no second problem', () => {
  const missing: GateDiagnostic = { kind: 'no-evidence', message: 'there is none' }
  expect(said(judge({ kind: 'timeout' }, [{ diagnostics: [missing] }]))).toHaveLength(1)
  expect(said(judge(ok, [{ diagnostics: [missing] }]))).toEqual(['no-evidence: there is none'])
})

test('a module is a place, where one file is called like it', () => {
  const coverage = { covered: 1, lines: 2, modules: [{ module: 'demo', covered: 1, lines: 2 }] }
  const sources = ['apps/demo/src/demo.erl', 'apps/demo/test/demo_tests.erl', '_build/demo.erl']
  const result = judge(ok, [{ diagnostics: [failure], coverage }], sources)
  expect(result.diagnostics[0]?.location).toEqual({ file: 'apps/demo/test/demo_tests.erl' })
  expect(result.coverage?.modules[0]?.file).toBe('apps/demo/src/demo.erl')
  const twice = judge(ok, [{ diagnostics: [failure] }], ['a/demo_tests.erl', 'b/demo_tests.erl'])
  expect(twice.diagnostics[0]?.location).toBeUndefined()
})

test('the end of a long output', async () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `line ${at}`).join('\n')
  const tail = await tailOf(evidence({}, lines).output, 3)
  expect(tail).toBe('line 4997\nline 4998\nline 4999')
})
