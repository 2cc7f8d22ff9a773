import { expect, test } from 'vitest'
import { evidence, fixture } from '../testing/evidence.ts'
import { compilerOutput } from './compiler-output.ts'
import { dialyzer } from './dialyzer.ts'
import type { GateDiagnostic, Report } from './report.ts'
import { xref } from './xref.ts'

const shown = ({ diagnostics }: Report) =>
  diagnostics.map(({ kind, message, location }: GateDiagnostic) => {
    const { file, line, column } = location ?? {}
    return `${kind} ${[file, line, column].filter(Boolean).join(':') || '-'} ${message}`
  })

const compile = (name: string, options = {}) =>
  compilerOutput(options)
    .read(evidence({}, fixture(`output/${name}`)))
    .then(shown)

test('compiler: errors in boxes, with line and column', async () => {
  expect(await compile('compile-errors.txt')).toEqual([
    'error src/demo.erl:3:10 can\'t find include file "missing.hrl"',
    "error src/demo.erl:6:11 syntax error before: '.'",
    'error src/demo.erl:7:2 syntax error before:',
    'error src/demo.erl:2:2 function nope/1 undefined',
    "error src/demo.erl:4:15 variable 'Y' is unbound",
    'error src/demo.erl:5:8 function undefined_thing/1 undefined',
    "warning src/demo.erl:4:8 variable 'X' is unused",
    'warning src/demo.erl:5:1 function b/0 is unused',
  ])
})

test('compiler: plain lines; a message in both styles is one diagnostic', async () => {
  const parser = 'error src/p.yrl:4:6 undefined rhs symbol c'
  expect(await compile('compile-minimal.txt')).toEqual([parser])
  expect(await compile('compile-parser.txt')).toEqual([parser])
})

test('compiler: a column counts characters, tabs too', async () => {
  expect(await compile('compile-tabs.txt')).toEqual([
    "error src/demo.erl:6:23 variable 'Z' is unbound",
  ])
})

test('compiler: a configuration that cannot be read', async () => {
  expect(await compile('compile-config.txt')).toEqual([
    'error rebar.config:10 syntax error before:',
  ])
})

test('compiler: warnings fail the gate unless they are allowed', async () => {
  const warnings = [
    'warning apps/demo/src/demo.erl:8:1 function unused/0 is unused',
    'warning apps/demo/src/demo.erl:26:34 erlang:now/0 is deprecated; see the "Time and Time Correction in Erlang" chapter of the ERTS User\'s Guide for more information',
  ]
  expect(await compile('compile-warnings.txt')).toEqual(warnings)
  expect(await compile('compile-warnings.txt', { warnings: 'allow' })).toEqual([])
})

test("compiler: a dependency's warnings are not the project's, its errors are", async () => {
  const output = `===> Compiling dep
_build/default/lib/dep/src/dep.erl:3:1: Warning: function f/0 is unused
_build/default/lib/dep/src/dep.erl:4:1: syntax error before: '.'
`
  expect(shown(await compilerOutput().read(evidence({}, output)))).toEqual([
    "error - _build/default/lib/dep/src/dep.erl:4: syntax error before: '.'",
  ])
})

test('compiler: output without a line of rebar3 is a missing report', async () => {
  expect(shown(await compilerOutput().read(evidence({})))).toEqual([
    'report-missing - compiler: the output has no line of rebar3',
  ])
  expect(shown(await compilerOutput().read(evidence({}, '===> Compiling demo\n')))).toEqual([])
})

test('compiler: output of tests is ignored', async () => {
  const output = '===> Performing EUnit tests...\nsrc/a.erl:2:3: head mismatch\n'
  expect(shown(await compilerOutput().read(evidence({}, output)))).toEqual([])
})

test('compiler: colours are not part of a message', async () => {
  const output = '\x1b[0;32m===> \x1b[0mCompiling\n\x1b[1msrc/a.erl:2:3:\x1b[0m head mismatch\r\n'
  expect(shown(await compilerOutput().read(evidence({}, output)))).toEqual([
    'error src/a.erl:2:3 head mismatch',
  ])
})

test('xref: lines with and without a location', async () => {
  const report = await xref().read(evidence({}, fixture('output/xref.txt')))
  expect(shown(report)).toHaveLength(12)
  expect(shown(report)).toEqual(
    expect.arrayContaining([
      'warning apps/demo/src/demo.erl:8 demo:unused/0 is unused local function',
      'warning apps/demo/src/demo.erl:7 demo:boom/1 calls undefined function nomod:nofun/1',
      'warning - nomod:nofun/1 is undefined function',
    ]),
  )
})

test('xref: output in which xref never started is a missing report', async () => {
  expect(shown(await xref().read(evidence({}, '===> Compiling demo\n')))).toEqual([
    'report-missing - xref: the output has no line of xref. Run rebar3 xref, and unset QUIET.',
  ])
  const clean = '===> Running cross reference analysis...\n'
  expect(shown(await xref().read(evidence({}, clean)))).toEqual([])
})

const path = '_build/default/27.3.4.1.dialyzer_warnings'
const warnings = fixture('output/27.3.4.1.dialyzer_warnings')
const dialyze = (content?: string | Uint8Array, output: string | Uint8Array = '') =>
  dialyzer('_build/default/*.dialyzer_warnings')
    .read(evidence(content === undefined ? {} : { [path]: content }, output))
    .then(shown)

test('dialyzer: paths of the container become those of the repository', async () => {
  expect(await dialyze(warnings, fixture('output/dialyzer.txt'))).toEqual([
    'warning apps/demo/src/demo.erl:6:1 Function bad/0 has no local return',
    "warning apps/demo/src/demo.erl:6:17 The call demo:add(1, 'two') will never return since the success typing is (number(), number()) -> number() and the contract is (integer(), integer()) -> integer()",
    'warning apps/demo/src/demo.erl:7:12 Unknown function nomod:nofun/1',
    'warning apps/demo/src/demo.erl:8:1 Function unused/0 will never be called',
    "warning apps/demo/src/demo.erl:26:10 Expression produces a value of type {'error', atom()} | {'ok', pid() | {'file_descriptor', atom(), _}}, but this value is unmatched",
  ])
})

test('dialyzer: an empty file passes, no file is a missing report', async () => {
  expect(await dialyze('')).toEqual([])
  expect(await dialyze()).toEqual([
    'report-missing - dialyzer: no file at _build/default/*.dialyzer_warnings',
  ])
})

test('dialyzer: a binary file and fewer warnings than printed are invalid', async () => {
  expect(await dialyze(Buffer.from([0, 1, 2]))).toEqual([
    `report-invalid - dialyzer: ${path}: not a text file`,
  ])
  expect(await dialyze('', '===> Warnings occurred running dialyzer: 5\n')).toEqual([
    'report-invalid - dialyzer: dialyzer printed 5 warnings, but the file has 0',
  ])
})

test('dialyzer: a warning without a location', async () => {
  expect(await dialyze('Unknown types:\n  foo:bar/0\n')).toEqual([
    'warning - Unknown types: foo:bar/0',
  ])
})

test('a long message is one diagnostic', async () => {
  const long = 'v'.repeat(20_000)
  const output = `===> Compiling demo\nsrc/demo.erl:3:5: Warning: ${long}\n`
  expect((await compilerOutput().read(evidence({}, output))).diagnostics).toMatchObject([
    { kind: 'warning', location: { file: 'src/demo.erl', line: 3 } },
  ])
  const call = `===> src/demo.erl:7: Warning: demo:a/0 calls undefined function ${'v'.repeat(3000)}:a/0 (Xref)`
  const analysis = `===> Running cross reference analysis...\n${call}\n`
  expect((await xref().read(evidence({}, analysis))).diagnostics).toHaveLength(1)
})

test('xref: an unused export has a hint', async () => {
  const output = `===> Running cross reference analysis...
===> src/shop.erl:7: Warning: shop:pay/1 is unused export (Xref)`
  const { diagnostics } = await xref().read(evidence({}, output))
  expect(diagnostics[0]!.message).toMatch(
    /^shop:pay\/1 is unused export\. If other applications call it, write -ignore_xref\(\[\{pay, 1\}\]\)\. .*rebar\.config$/,
  )
})
