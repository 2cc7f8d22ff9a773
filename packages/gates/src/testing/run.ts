import type { Comparison, Coverage, GateDiagnostic, TestResult } from '../evidence/report.ts'
import type { ReportedRun } from '../report/run.ts'
import { type EndedGate, evaluateGate, type GateResult } from '../verdict.ts'

const start = Date.UTC(2026, 10, 23, 20, 26, 40)

const gate = (
  name: string,
  at: number,
  seconds: number,
  more: Partial<EndedGate> = {},
): EndedGate => ({
  name,
  service: `erlmcp-${name}`,
  command: ['rebar3', name],
  started: start + at * 1000,
  seconds,
  ending: { kind: 'exit', code: 0 },
  output: `===> Verifying dependencies...\n===> Analyzing applications...\n===> Running ${name}`,
  ...more,
})

const tests = (suite: string, count: number): TestResult[] =>
  Array.from({ length: count }, (_, at) => ({
    suite,
    name: `case_${at + 1}`,
    time: ((at * 37) % 91) / 400,
    outcome: 'passed',
  }))

const spread = (count: number, middle: number, width: number) =>
  Array.from(
    { length: count },
    (_, at) => middle + width * Math.tan(((((at * 61) % 97) + 1) / 99 - 0.5) * 2),
  )

const comparisons: Comparison[] = [
  {
    benchmark: 'jsonrpc decode',
    metric: 'time',
    unit: 'µs',
    verdict: 'regression',
    base: spread(30, 412, 9),
    head: spread(30, 529, 12),
    change: 0.284,
    reason: 'slower by 28.4 % (p < 0.001), more than 10 %',
  },
  {
    benchmark: 'jsonrpc decode',
    metric: 'reductions',
    unit: 'reductions',
    verdict: 'pass',
    base: Array(15).fill(18_204),
    head: Array(15).fill(18_204),
    change: 0,
    reason: 'the same in every run',
  },
  {
    benchmark: 'session lookup',
    metric: 'time',
    unit: 'µs',
    verdict: 'inconclusive',
    base: spread(30, 3.1, 0.7),
    head: spread(30, 3.3, 0.9),
    change: 0.061,
    reason: 'this machine is too noisy to see a change of 10 %',
  },
  {
    benchmark: 'session lookup',
    metric: 'gc words',
    unit: 'words',
    verdict: 'no-baseline',
    base: [],
    head: [1_204, 1_204, 1_205, 1_204],
    reason: 'there is no baseline of this machine and OTP 28.3.1',
  },
]

const modules: Coverage['modules'] = [
  ['erlmcp_http', 141, 152],
  ['erlmcp_session', 88, 90],
  ['erlmcp_tls', 20, 61],
  ['erlmcp_postgres', 118, 160],
  ['erlmcp_config', 40, 40],
  ['erlmcp_sup', 0, 12],
].map(([module, covered, lines]) => ({
  module: module as string,
  covered: covered as number,
  lines: lines as number,
}))

const coverage: Coverage = {
  covered: modules.reduce((sum, one) => sum + one.covered, 0),
  lines: modules.reduce((sum, one) => sum + one.lines, 0),
  modules,
}

/** A run in which every gate passed. */
export const passedRun: ReportedRun = {
  project: 'erlmcp',
  revision: '1963631a7c0f2b9d4e5a6b7c8d9e0f1a2b3c4d5e',
  image: 'erlmcp-tools@sha256:9f2c',
  engine: '28.5.2',
  otp: '28.3.1',
  started: start,
  seconds: 52.1,
  gates: [
    evaluateGate(gate('compile', 0, 6.2), []),
    evaluateGate(gate('eunit', 6.3, 11.4), [
      {
        diagnostics: [],
        counts: { tests: 41, failures: 0, errors: 0, skipped: 0 },
        tests: tests('erlmcp_http_tests', 41),
      },
    ]),
    evaluateGate(gate('ct', 6.3, 31.8), [
      {
        diagnostics: [],
        counts: { tests: 112, failures: 0, errors: 0, skipped: 3 },
        tests: tests('erlmcp_http_SUITE', 112),
      },
    ]),
    evaluateGate(gate('dialyzer', 17.8, 24), []),
    evaluateGate(gate('coverage', 38.2, 4.4), [{ diagnostics: [], coverage }]),
  ],
}

export const diagnostics: GateDiagnostic[] = [
  {
    kind: 'failure',
    message:
      'erlmcp_http_tests:parses_path_test: assertEqual(erlmcp_http:path(<<"/a/b">>)): expected [<<"a">>,<<"b">>], value [<<"a">>]',
    test: 'erlmcp_http_tests:parses_path_test',
    location: { file: 'apps/erlmcp/test/erlmcp_http_tests.erl', line: 48 },
    detail:
      'in function erlmcp_http_tests:parses_path_test/0 (/workspace/apps/erlmcp/test/erlmcp_http_tests.erl, line 48)\nin call from eunit_test:run_testfun/1 (eunit_test.erl, line 72)\n**error:{assertEqual,[{module,erlmcp_http_tests},\n              {line,48},\n              {expected,[<<"a">>,<<"b">>]},\n              {value,[<<"a">>]}]}',
  },
  {
    kind: 'timeout',
    message: 'erlmcp_session_tests:-slow_test_/0-fun-0-: timed out',
    test: 'erlmcp_session_tests:-slow_test_/0-fun-0-',
  },
]

const failed: TestResult[] = [
  {
    suite: 'erlmcp_http_tests',
    name: 'parses_path_test',
    time: 0.003,
    outcome: 'failed',
    message: diagnostics[0]!.message,
    location: diagnostics[0]!.location!,
  },
  {
    suite: 'erlmcp_session_tests',
    name: '-slow_test_/0-fun-0-',
    time: 5.0,
    outcome: 'timeout',
    message: diagnostics[1]!.message,
  },
  {
    suite: 'erlmcp_http_tests',
    name: 'ipv6_test',
    time: 0,
    outcome: 'skipped',
    message: 'skipped: no IPv6 in the container',
  },
]

/** A run with failed and skipped gates, and every kind of section. */
export const failedRun: ReportedRun = {
  ...passedRun,
  seconds: 96.4,
  gates: [
    passedRun.gates[0]!,
    evaluateGate(gate('eunit', 6.3, 11.4, { ending: { kind: 'exit', code: 1 } }), [
      {
        diagnostics,
        counts: { tests: 44, failures: 1, errors: 1, skipped: 1 },
        tests: [...failed, ...tests('erlmcp_http_tests', 41)],
      },
    ]),
    passedRun.gates[2]!,
    evaluateGate(gate('dialyzer', 17.8, 24, { ending: { kind: 'exit', code: 137 } }), []),
    evaluateGate(gate('coverage', 38.2, 0, { ending: { kind: 'blocked', by: ['eunit'] } }), []),
    evaluateGate(gate('cover-ct', 38.2, 4.4), [
      {
        diagnostics: [
          {
            kind: 'threshold',
            message: 'all modules: expected tests to run 80 % of the lines, got 79 % (407 of 515)',
          },
        ],
        coverage,
      },
    ]),
    evaluateGate(gate('bench', 43, 53), [
      {
        diagnostics: [
          {
            kind: 'threshold',
            message: 'jsonrpc decode: time: slower by 28.4 % (p < 0.001), more than 10 %',
          },
        ],
        comparisons,
      },
    ]),
  ],
}

/** A run with the same untrusted text in every field. */
export function hostileRun(text: string): ReportedRun {
  const diagnostic: GateDiagnostic = {
    kind: 'failure',
    message: text,
    test: text,
    location: { file: text, line: 3, column: 4 },
    detail: text,
  }
  const result: GateResult = {
    ...failedRun.gates[1]!,
    name: text,
    service: text,
    command: [text],
    output: text,
    diagnostics: [diagnostic, { kind: 'skip', message: text }],
    tests: [
      {
        suite: text,
        name: text,
        time: 1,
        outcome: 'failed',
        message: text,
        location: { file: text },
      },
    ],
    coverage: {
      covered: 1,
      lines: 2,
      modules: [{ module: text, covered: 1, lines: 2, file: text }],
    },
    comparisons: [{ ...comparisons[0]!, benchmark: text, metric: text, unit: text, reason: text }],
  }
  const blocked: GateResult = { ...result, ending: { kind: 'blocked', by: [text] } }
  return {
    ...failedRun,
    project: text,
    revision: text,
    image: text,
    engine: text,
    otp: text,
    gates: [result, blocked],
  }
}
