import { defaultPrefix, gateServices } from '@erlmcp/constitution'
import { originOf, schema, validateOptions } from '@erlmcp/core'
import { type BenchCommandOptions, benchCommand, benchFiles } from './bench/files.ts'
import { baseVariable } from './bench/program/script.ts'
import { type BenchReaderOptions, benchReader } from './bench/reader.ts'
import { commonTest } from './evidence/common-test.ts'
import { compilerOutput } from './evidence/compiler-output.ts'
import { cover } from './evidence/cover.ts'
import { dialyzer } from './evidence/dialyzer.ts'
import type { DeclaredSkips } from './evidence/skips.ts'
import { surefire } from './evidence/surefire.ts'
import { xref } from './evidence/xref.ts'
import { type GateValue, gate } from './gate.ts'

/** Names of the gates, in the order of the README. */
export type ErlangGateName = keyof typeof gateServices

/** The gates of every project. */
type DefaultGate = Exclude<ErlangGateName, 'bench' | 'cluster'>

/** The gates by name; `bench` and `cluster` only with their options. */
export type ErlangGates = Readonly<Record<DefaultGate, GateValue>> & {
  readonly bench?: GateValue
  readonly cluster?: GateValue
}

export interface ErlangGatesOptions {
  /** Prefix of the service names, as in `erlmcp-unit`. Default: `erlmcp-`. */
  readonly prefix?: string
  /** Share of the executable lines that tests must run, from 0 to 1. Default: 0.8. */
  readonly coverage?: number
  /**
   * Tests that may be skipped, each with the reason: `{ ct: { 'demo_SUITE:ipv6': 'no IPv6' } }`.
   * Default: none.
   */
  readonly skips?: { readonly eunit?: DeclaredSkips; readonly ct?: DeclaredSkips }
  /** Folder that `eunit_surefire` writes into. Default: `_build/test/reports`. */
  readonly eunitReports?: string
  /** Adds the gate `bench`, which compares with a base revision or a baseline. Default: without. */
  readonly bench?: BenchCommandOptions & BenchReaderOptions
  /** Adds the gate `cluster`, which runs one Common Test suite. Default: without. */
  readonly cluster?: { readonly suite: string }
  /** Timeouts by gate. Default: from `5m` (compile) to `30m` (dialyzer). */
  readonly timeouts?: Partial<Record<ErlangGateName, GateValue['spec']['timeout']>>
}

const { any, anyObject, number, object, string } = schema

const optionsSchema = object<ErlangGatesOptions>({
  prefix: string,
  coverage: any,
  skips: anyObject,
  eunitReports: string,
  bench: anyObject,
  cluster: anyObject,
  timeouts: anyObject,
})

const benchSchema = object<BenchCommandOptions & BenchReaderOptions>({
  pairs: number,
  sampleMs: number,
  limits: anyObject,
  base: any,
  baseline: any,
  noBaseline: any,
  inconclusive: any,
})

const names = Object.keys(gateServices) as ErlangGateName[]

const timeoutSchema = object<NonNullable<ErlangGatesOptions['timeouts']>>(
  Object.fromEntries(names.map((name) => [name, string])) as Record<ErlangGateName, typeof string>,
)

/** Command and timeout of each gate. */
const table = {
  compile: { command: ['rebar3', 'compile'], timeout: '5m' },
  eunit: { command: ['rebar3', 'eunit', '--cover'], timeout: '10m' },
  ct: { command: ['rebar3', 'ct', '--cover'], timeout: '15m' },
  dialyzer: { command: ['rebar3', 'dialyzer'], timeout: '30m' },
  xref: { command: ['rebar3', 'xref'], timeout: '5m' },
  coverage: { command: ['rebar3', 'cover', '--verbose'], timeout: '10m' },
  bench: { command: benchCommand(), timeout: '20m' },
  cluster: { command: ['rebar3', 'ct', '--suite'], timeout: '15m' },
} as const satisfies Record<ErlangGateName, Pick<GateValue['spec'], 'command' | 'timeout'>>

/**
 * The gates of an Erlang/OTP project with rebar3.
 *
 * EUnit and Common Test write reports only where rebar.config has
 * `{eunit_opts, [{report, {eunit_surefire, [{dir, "_build/test/reports"}]}}]}` and
 * `{ct_opts, [{ct_hooks, [cth_surefire]}]}`. A gate without its report fails.
 *
 * @throws UserError for an unknown option, a coverage outside 0 to 1, or a skip without a reason
 * @example
 * const { compile, ...others } = erlangGates({ prefix: 'shop-', coverage: 0.9 })
 */
export function erlangGates(options: ErlangGatesOptions = {}): ErlangGates {
  const origin = originOf(erlangGates)
  validateOptions('erlangGates(…)', options, optionsSchema, origin)
  validateOptions('bench of erlangGates(…)', options.bench ?? {}, benchSchema, origin)
  validateOptions('timeouts of erlangGates(…)', options.timeouts ?? {}, timeoutSchema, origin)
  const { prefix = defaultPrefix, timeouts = {}, skips = {}, bench, cluster } = options
  const base = (name: ErlangGateName) => ({
    ...table[name],
    service: `${prefix}${gateServices[name]}`,
    timeout: timeouts[name] ?? table[name].timeout,
  })
  const compile = gate('compile', {
    ...base('compile'),
    evidence: [compilerOutput()],
    builds: true,
  })
  // Tests are compiled in their gate: a compiler error explains a missing report.
  const testsCompile = compilerOutput({ warnings: 'allow' })
  const coverdata = ['_build/test/cover']
  const eunit = gate('eunit', {
    ...base('eunit'),
    needs: [compile],
    evidence: [
      surefire(options.eunitReports ?? '_build/test/reports', { skips: skips.eunit ?? {} }),
      testsCompile,
    ],
    outputs: coverdata,
  })
  const ct = gate('ct', {
    ...base('ct'),
    needs: [compile],
    evidence: [commonTest('_build/test/logs', { skips: skips.ct ?? {} }), testsCompile],
    outputs: coverdata,
  })
  return {
    compile,
    eunit,
    ct,
    dialyzer: gate('dialyzer', {
      ...base('dialyzer'),
      needs: [compile],
      evidence: [dialyzer('_build/default/*.dialyzer_warnings')],
      // Building a PLT takes minutes.
      cache: ['_build/plt', '_build/default/*_plt'],
    }),
    xref: gate('xref', { ...base('xref'), needs: [compile], evidence: [xref()] }),
    coverage: gate('coverage', {
      ...base('coverage'),
      inputs: [eunit, ct],
      evidence: [cover('_build/test/cover', { threshold: options.coverage ?? 0.8 })],
    }),
    ...(bench && {
      bench: gate('bench', {
        ...base('bench'),
        command: benchCommand(bench),
        needs: [compile],
        evidence: [benchReader(undefined, bench)],
        files: benchFiles(),
        base: { variable: baseVariable },
        exclusive: true,
      }),
    }),
    ...(cluster && {
      cluster: gate('cluster', {
        ...base('cluster'),
        command: [...table.cluster.command, cluster.suite],
        needs: [compile],
        evidence: [commonTest('_build/test/logs', { skips: skips.ct ?? {} })],
      }),
    }),
  }
}
