import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyReceipts } from '@erlmcp/gates/receipt'
import { findGates, type GateProgress, type GateResult, runGates } from '@erlmcp/gates/run'
import { describeEngine, ensureImages, must } from '@erlmcp/testkit'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import stack from '../examples/erlmcp/stack.ts'
import { copyExample } from './testing/example.ts'

// The gates of the reference deployment on a real engine: all pass on a good project, and each fails
// on the fault that it detects.

const core = 'apps/erlmcp_core'

interface Violation {
  /** Description of the fault. */
  readonly message: string
  readonly gate: string
  readonly kind: GateResult['diagnostics'][number]['kind']
  /** Expected location: `file:line`. */
  readonly at?: string
  readonly expected: RegExp
  change(folder: string): void
  /** Called with the progress of the run. */
  meanwhile?(progress: GateProgress): void
}

const add =
  (path: string, ...lines: string[]) =>
  (folder: string) =>
    writeFileSync(join(folder, path), `${lines.join('\n')}\n`)

const edit = (path: string, from: string, to: string) => (folder: string) => {
  const text = readFileSync(join(folder, path), 'utf8')
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
  writeFileSync(join(folder, path), text.replace(from, to))
}

const suite = (...lines: string[]) =>
  add(
    `${core}/test/erlmcp_faulty_SUITE.erl`,
    '-module(erlmcp_faulty_SUITE).',
    '-export([all/0, init_per_suite/1, end_per_suite/1, works/1]).',
    'all() -> [works].',
    'end_per_suite(_) -> ok.',
    ...lines,
  )

// Faults of different gates share a run.
const runs: readonly (readonly Violation[])[] = [
  [
    {
      message: 'a compile error',
      gate: 'compile',
      kind: 'error',
      at: `${core}/src/erlmcp_faulty.erl:3`,
      expected: /unbound/,
      change: add(
        `${core}/src/erlmcp_faulty.erl`,
        '-module(erlmcp_faulty).',
        '-export([f/0]).',
        'f() -> Unbound.',
      ),
    },
  ],
  [
    {
      message: 'a failing EUnit test',
      gate: 'eunit',
      kind: 'failure',
      at: `${core}/test/erlmcp_faulty_tests.erl:3`,
      expected: /fails_test/,
      change: add(
        `${core}/test/erlmcp_faulty_tests.erl`,
        '-module(erlmcp_faulty_tests).',
        '-include_lib("eunit/include/eunit.hrl").',
        'fails_test() -> ?assertEqual(4, length(atom_to_list(node()))).',
      ),
    },
    {
      message: 'a failing CT case',
      gate: 'ct',
      kind: 'failure',
      at: `${core}/test/erlmcp_faulty_SUITE.erl:6`,
      expected: /works/,
      change: suite('init_per_suite(Config) -> Config.', 'works(_) -> ct:fail(on_purpose).'),
    },
    {
      message: 'a dialyzer warning',
      gate: 'dialyzer',
      kind: 'warning',
      at: `${core}/src/erlmcp_lying.erl:3`,
      expected: /spec/i,
      change: add(
        `${core}/src/erlmcp_lying.erl`,
        '-module(erlmcp_lying).',
        '-export([f/1]).',
        '-spec f([term()]) -> atom().',
        'f(List) -> length(List).',
      ),
    },
    {
      message: 'a call of an undefined function',
      gate: 'xref',
      kind: 'warning',
      expected: /erlmcp_nowhere/,
      change: add(
        `${core}/src/erlmcp_calling.erl`,
        '-module(erlmcp_calling).',
        '-export([f/0]).',
        '-spec f() -> term().',
        'f() -> erlmcp_nowhere:g().',
      ),
    },
    {
      message: 'a function that does more than it did',
      gate: 'bench',
      kind: 'threshold',
      expected: /decode/,
      change: edit(
        `${core}/src/erlmcp_jsonrpc.erl`,
        'decode(Body) ->\n',
        'decode(Body) ->\n    true = lists:sum(lists:seq(1, 2000)) > 0,\n',
      ),
    },
  ],
  [
    {
      message: 'an EUnit test that never ends',
      gate: 'eunit',
      kind: 'timeout',
      expected: /slow_test/,
      change: add(
        `${core}/test/erlmcp_faulty_tests.erl`,
        '-module(erlmcp_faulty_tests).',
        '-include_lib("eunit/include/eunit.hrl").',
        'slow_test_() -> {timeout, 1, fun() -> timer:sleep(10_000) end}.',
      ),
    },
    {
      message: 'a crash in init_per_suite',
      gate: 'ct',
      kind: 'error',
      at: `${core}/test/erlmcp_faulty_SUITE.erl:5`,
      expected: /init_per_suite/,
      change: suite('init_per_suite(_) -> error(on_purpose).', 'works(_) -> ok.'),
    },
  ],
  [
    {
      message: 'no report of EUnit',
      gate: 'eunit',
      kind: 'report-missing',
      expected: /no TEST-\*\.xml/,
      change: edit(
        'rebar.config',
        'verbose,\n    {report, {eunit_surefire, [{dir, "_build/test/reports"}]}}',
        'verbose',
      ),
    },
    {
      message: 'a killed container',
      gate: 'ct',
      kind: 'killed',
      expected: /the gate was killed: /,
      change: () => undefined,
      meanwhile: kill('ct'),
    },
  ],
]

/** Kills the container of a gate once it prints something. */
function kill(name: string): (progress: GateProgress) => void {
  let done = false
  return (progress) => {
    if (done || progress.kind !== 'output' || progress.gate.name !== name) return
    done = true
    const find = ['docker', 'ps', '--quiet', '--filter', 'name=^erlmcp-gate-.*-ct$'] as const
    void must([...find]).then(({ stdout }) => must(['docker', 'kill', stdout.trim()]))
  }
}

const hasFailed = ({ verdict }: GateResult) => verdict === 'failed'

describeEngine('the gates of the reference deployment', () => {
  // Own volumes, apart from those of `gate run` on this machine.
  process.env.COMPOSE_PROJECT_NAME = `erlmcp-gates-test-${process.pid}`
  let folder: string
  let covered: GateResult['coverage']

  const git = (...words: string[]) =>
    must(['git', '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...words], {
      cwd: folder,
    })
  /** Benchmarks and the cluster take as long as all other gates, so they run only where needed. */
  const run = (slow: boolean, on: (progress: GateProgress) => void = () => undefined) =>
    runGates(stack, {
      root: folder,
      base: 'HEAD',
      only: findGates(stack)
        .gates.gates.map(({ name }) => name)
        .filter((name) => slow || !['bench', 'cluster'].includes(name)),
      on,
    })

  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
    folder = copyExample()
    appendFileSync(join(folder, '.gitignore'), '.erlmcp/\n')
    await git('init', '-q')
    await git('add', '-A')
    await git('commit', '-qm', 'good')
  })
  beforeEach(async () => {
    await git('checkout', '-q', '.')
    await git('clean', '-qfd')
  })
  afterAll(async () => {
    const down = ['down', '--volumes', '--remove-orphans', '--timeout', '1']
    await must(['docker', 'compose', '--profile', 'gates', ...down], { cwd: folder })
    rmSync(folder, { recursive: true, force: true })
  })

  it('all pass on a good project', async () => {
    const { ok, changed, results, receipts } = await run(true)
    expect(results.flatMap(({ diagnostics }) => diagnostics)).toEqual([])
    expect(results.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'compile passed',
      'eunit passed',
      'ct passed',
      'dialyzer passed',
      'xref passed',
      'coverage passed',
      'bench passed',
      'cluster passed',
    ])
    expect([ok, changed, receipts.length]).toEqual([true, false, 8])
    expect(verifyReceipts(folder)).toMatchObject({ ok: true, count: 8 })
    covered = results.find(({ name }) => name === 'coverage')?.coverage
    const tests = results.find(({ name }) => name === 'eunit')?.counts?.tests
    expect(tests).toBeGreaterThan(200)
    expect(results.find(({ name }) => name === 'bench')?.comparisons.length).toBeGreaterThan(0)
  })

  it('are reused if their evidence is from the same sources', async () => {
    const started: string[] = []
    const again = async () => {
      started.length = 0
      const { ok } = await runGates(stack, {
        root: folder,
        only: ['coverage'],
        reuse: true,
        on: (event) => void (event.kind === 'started' && started.push(event.gate.name)),
      })
      return ok
    }
    expect(await again()).toBe(true)
    expect(started).toEqual(['compile', 'coverage'])
    add(`${core}/src/erlmcp_more.erl`, '-module(erlmcp_more).')(folder)
    await again()
    expect(started.slice(0, 3).sort()).toEqual(['compile', 'ct', 'eunit'])
  })

  it.each(
    runs.map((violations) => ({
      violations,
      faults: violations.map(({ message }) => message).join(', '),
      gates: violations.map(({ gate }) => gate),
    })),
  )('$faults: only $gates failed', async ({ violations, gates }) => {
    for (const { change } of violations) change(folder)
    const { meanwhile } = violations.find((one) => one.meanwhile !== undefined) ?? {}
    const { ok, results } = await run(gates.includes('bench'), meanwhile)
    expect(ok).toBe(false)
    const failed = new Map(results.filter(hasFailed).map((one) => [one.name, one.diagnostics]))
    expect([...failed.keys()].sort(), JSON.stringify([...failed])).toEqual([...gates].sort())
    for (const { gate, kind, expected, at } of violations) {
      const diagnostics = failed.get(gate)!
      const diagnostic = diagnostics.find((one) => one.kind === kind)
      expect(diagnostic, JSON.stringify(diagnostics)).toBeDefined()
      expect(JSON.stringify(diagnostic)).toMatch(expected)
      const { file, line } = diagnostic!.location ?? {}
      if (at !== undefined) expect(`${file}:${line}`).toBe(at)
    }
  })

  it('79.9 % of the lines: coverage fails, and no other gate', async () => {
    const { covered: ran, lines } = covered!
    // One line is the last clause. Whether a line or two run varies.
    const needless = Math.ceil(ran / 0.7995) - lines - 1
    const functions = Array.from({ length: needless }, (_, index) => `f(${index}) -> ${index};`)
    add(
      `${core}/src/erlmcp_faulty.erl`,
      '-module(erlmcp_faulty).',
      '-export([f/1]).',
      '-spec f(term()) -> term().',
      ...functions,
      'f(_) -> none.',
    )(folder)
    const { results } = await run(false)
    const failed = results.filter(hasFailed)
    expect(failed.map(({ name, diagnostics }) => [name, diagnostics])).toEqual([
      ['coverage', expect.any(Array)],
    ])
    const [coverage] = failed as [GateResult]
    const share = coverage.coverage!.covered / coverage.coverage!.lines
    expect([share > 0.798, share < 0.8]).toEqual([true, true])
    expect(coverage.diagnostics[0]).toMatchObject({ kind: 'threshold' })
  })

  it('leave no container behind', async () => {
    const format = '{{.Names}}'
    const { stdout } = await must(['docker', 'ps', '--all', '--format', format])
    expect(stdout.split('\n').filter((name) => name.startsWith('erlmcp-gate-'))).toEqual([])
  })
})
