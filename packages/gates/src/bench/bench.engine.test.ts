import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  benchImage,
  benchProject,
  inContainer,
  judge,
  makeHeavier,
  writeIn,
} from '../../fixtures/bench-project.ts'
import { measurementOf, recordBaseline, samplesFile } from './index.ts'

describeEngine('the bench gate', () => {
  const folders: string[] = []
  /** A head and a base that are the same. */
  function twins(): { head: string; base: string } {
    const head = benchProject()
    const base = `${head}-base`
    cpSync(head, base, { recursive: true })
    folders.push(head, base)
    return { head, base }
  }
  const fast = ['docker/gates/bench', '--sample-ms', '1']

  beforeAll(() => ensureImages([benchImage]))
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  it('passes identical code, with exact counts', async () => {
    const { head, base } = twins()
    const { code, stdout, stderr } = await inContainer(head, fast, { base })
    expect(code, stdout + stderr).toBe(0)
    const { diagnostics, comparisons = [] } = await judge(head, samplesFile)({ base: true })
    expect(diagnostics).toEqual([])
    const counts = comparisons.filter(({ metric }) => metric !== 'time')
    expect(counts.map(({ verdict }) => verdict)).toEqual(Array(8).fill('pass'))
    // A list of 1000 pairs: 2 words for each cell, 3 for each tuple.
    const list = counts.find((one) => one.benchmark === 'list' && one.metric === 'gc words')
    expect(new Set([...list!.head, ...list!.base])).toEqual(new Set([5000]))
  })

  it('finds 25 % more work in exactly the changed functions', async () => {
    const { head, base } = twins()
    makeHeavier(head)
    expect((await inContainer(head, fast, { base })).code).toBe(0)
    const { diagnostics } = await judge(head, samplesFile)({ limits: { time: Infinity } })
    expect(diagnostics.map(({ message }) => message.replace(/, 2[45].*/, ''))).toEqual([
      expect.stringMatching(/^count: reductions: 12\d\d reductions a call instead of 10\d\d$/),
      expect.stringMatching(/^list: reductions: 12\d\d reductions a call instead of 10\d\d$/),
      'list: gc words: 6250 words a call instead of 5000',
    ])
  })

  it('finds a slowdown with the same counts', async () => {
    const { head, base } = twins()
    // A built-in function: its work shows in the time, hardly in reductions.
    const spin = (rounds: number) => `-module(spin).
-export([spin/0]).
spin() -> crypto:pbkdf2_hmac(sha256, <<"p">>, <<"s">>, ${rounds}, 32).
`
    for (const [folder, rounds] of [[head, 4000] as const, [base, 1000] as const]) {
      writeIn(folder, 'src/spin.erl', spin(rounds))
      writeIn(
        folder,
        'bench/work_benchmarks.erl',
        '-module(work_benchmarks).\n-export([benchmarks/0]).\nbenchmarks() -> [{spin, fun spin:spin/0}].\n',
      )
    }
    expect((await inContainer(head, fast, { base })).code).toBe(0)
    const { diagnostics } = await judge(head, samplesFile)({ limits: { reductions: Infinity } })
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^spin: time: \d+\S* % slower, p = \S+; measured again 6 times, at least \d+\S* % slower/,
      ),
    ])
  })

  it('reports new benchmarks, and fails when a benchmark crashes', async () => {
    const { head, base } = twins()
    writeIn(head, 'src/fresh.erl', '-module(fresh).\n-export([new/0]).\nnew() -> ok.\n')
    writeIn(
      head,
      'bench/fresh_benchmarks.erl',
      `-module(fresh_benchmarks).
-export([benchmarks/0]).
benchmarks() -> [
    {new, fun fresh:new/0},
    {crash, fun() -> error(oops) end}
].
`,
    )
    const { code, stdout } = await inContainer(head, [...fast, '--pairs', '2'], { base })
    expect(code).toBe(1)
    expect(stdout).toContain('crash: failed')
    const { diagnostics, comparisons = [] } = await judge(head, samplesFile)()
    expect(diagnostics).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(/^crash: it failed: error: oops/),
        location: { file: 'bench/fresh_benchmarks.erl', line: 5 },
      },
    ])
    const fresh = comparisons.filter(({ benchmark }) => benchmark === 'new')
    expect(fresh.map(({ verdict }) => verdict)).toEqual(Array(3).fill('no-baseline'))
  })

  it('compares counts with a recorded baseline', async () => {
    const { head } = twins()
    expect((await inContainer(head, [...fast, '--pairs', '3'])).code).toBe(0)
    expect((await judge(head, samplesFile)()).diagnostics).toMatchObject([
      { kind: 'report-missing' },
    ])
    const file = { path: samplesFile, chunks: () => [readFileSync(join(head, samplesFile))] }
    writeIn(head, 'bench/baseline.json', recordBaseline(await measurementOf(file)))
    expect((await inContainer(head, [...fast, '--pairs', '3'])).code).toBe(0)
    const again = judge(head, samplesFile, ['bench/baseline.json'])
    expect((await again()).diagnostics).toEqual([])
    makeHeavier(head)
    expect((await inContainer(head, [...fast, '--pairs', '3'])).code).toBe(0)
    expect((await again()).diagnostics).toHaveLength(3)
  })

  it('measures the benchmarks of the README', async () => {
    const { head } = twins()
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [, path, module] = /^```erlang\n%% (\S+\.erl)\n([\s\S]*?)^```$/m.exec(readme)!
    writeIn(head, path!, module!)
    const { code, stdout } = await inContainer(head, [...fast, '--pairs', '1'])
    expect(code, stdout).toBe(0)
    const { comparisons = [] } = await judge(head, samplesFile)({ noBaseline: 'accept' })
    const names = comparisons.map(({ benchmark }) => benchmark)
    expect(names).toEqual(expect.arrayContaining(['sort a basket', 'look up a price']))
  })

  it('reports what is missing', async () => {
    const { head, base } = twins()
    rmSync(join(base, 'rebar.config'))
    expect(await inContainer(head, fast, { base })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('/base has no sources of a base revision'),
    })
    writeIn(base, 'rebar.config', '{deps, []}.\n')
    writeIn(base, 'src/work.erl', 'no erlang')
    expect(await inContainer(head, fast, { base })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the base revision does not build'),
    })
    rmSync(join(head, 'bench'), { recursive: true })
    expect(await inContainer(head, fast)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bench/ and apps/*/bench/ have no module'),
    })
  })

  it('finds no regression in identical code, in ten runs', async () => {
    const { head, base } = twins()
    expect((await inContainer(head, [...fast, '--pairs', '1'], { base })).code).toBe(0)
    const build = '--base _build/bench/base/_build/default'
    const loop = `for run in 0 1 2 3 4 5 6 7 8 9; do
      escript docker/gates/erlmcp_bench.escript --sample-ms 1 ${build} --out _build/bench/$run || exit
    done`
    expect((await inContainer(head, ['sh', '-c', loop])).code).toBe(0)
    const runs = Array.from({ length: 10 }, (_, index) => judge(head, `_build/bench/${index}`)())
    const diagnostics = (await Promise.all(runs)).flatMap((report) => report.diagnostics)
    expect(diagnostics).toEqual([])
  })
})
