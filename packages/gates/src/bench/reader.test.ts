import { expect, test } from 'vitest'
import type { Evidence } from '../evidence/report.ts'
import { recordBaseline } from './baseline.ts'
import { benchReader, measurementOf } from './reader.ts'

const machine = { otp: '28.3.1', arch: 'x86_64-pc-linux-gnu', emulator: 'jit', cpu: 'x', cores: 2 }
const pairs = 30

interface Cost {
  readonly reductions: number
  readonly words: number
  readonly ns: number
}
const usual: Cost = { reductions: 1000, words: 400, ns: 5_000_000 }
const heavier: Cost = { ...usual, reductions: 1250 }
const slower: Cost = { ...usual, ns: 6_500_000 }

type Row = Record<string, unknown>

function start(more: Row = {}): Row {
  return { erlmcp_bench: 1, base: true, pairs, benchmarks: 1, ...machine, ...more }
}

/** What the program writes of one benchmark, with a little noise of the clock. */
function rows(name: string, sides: Partial<Record<'head' | 'base', Cost>>, rounds = [1]): Row[] {
  const samples = rounds.flatMap((round) =>
    Array.from({ length: pairs }, (_, index) =>
      Object.entries(sides).map(([side, { reductions, words, ns }]) => ({
        ...{ benchmark: name, side, round, pair: index + 1, reductions, words, calls: 100 },
        ns: Math.round(ns * (1 + 0.02 * Math.sin(index * (side === 'head' ? 13 : 79)))),
      })),
    ).flat(),
  )
  return [{ benchmark: name, file: 'bench/app_bench.erl' }, ...samples]
}

const end = { end: true }
const print = (all: readonly Row[]) => `${all.map((row) => JSON.stringify(row)).join('\n')}\n`

function evidence(files: Record<string, string>): Evidence {
  const file = (path: string, text: string) => ({ path, chunks: () => [Buffer.from(text)] })
  return {
    files: Object.entries(files).map(([path, text]) => file(path, text)),
    output: file('output', ''),
    root: '/workspace',
  }
}

const samplesPath = '_build/bench/samples.jsonl'
async function read(all: readonly Row[], options = {}, more: Record<string, string> = {}) {
  const files = { [samplesPath]: print(all), ...more }
  const { diagnostics, comparisons = [] } = await benchReader(samplesPath, options).read(
    evidence(files),
  )
  return { diagnostics, comparisons }
}

const same: Row[] = [start(), ...rows('decode', { head: usual, base: usual }), end]

test('passes for the same code, with a comparison for each metric', async () => {
  const { diagnostics, comparisons } = await read(same)
  expect(diagnostics).toEqual([])
  expect(comparisons.map(({ metric, unit, verdict }) => [metric, unit, verdict])).toEqual([
    ['reductions', 'reductions', 'pass'],
    ['gc words', 'words', 'pass'],
    ['time', 'ns', 'pass'],
  ])
  expect(comparisons[2]!.head).toHaveLength(30)
  expect(comparisons[2]!.base[0]).toBeCloseTo(50_000, -3)
})

test('fails for a heavier function, with both medians', async () => {
  const { diagnostics } = await read([
    start(),
    ...rows('decode', { head: heavier, base: usual }),
    end,
  ])
  expect(diagnostics).toEqual([
    {
      kind: 'threshold',
      message:
        'decode: reductions: 1250 reductions a call instead of 1000, 25 % more; the limit is 10 %',
      location: { file: 'bench/app_bench.erl' },
    },
  ])
})

test('fails for a slower function that another round confirms', async () => {
  const all = [start(), ...rows('decode', { head: slower, base: usual }, [1, 2]), end]
  const { diagnostics } = await read(all)
  expect(diagnostics).toHaveLength(1)
  expect(diagnostics[0]!.message).toMatch(
    /^decode: time: 30\S* % slower, p = .*; measured again once, at least 30/,
  )
})

test('has a limit for each metric', async () => {
  const all = [start(), ...rows('decode', { head: heavier, base: usual }), end]
  expect((await read(all, { limits: { reductions: 0.3 } })).diagnostics).toEqual([])
})

test('accepts inconclusive unless it is set to fail', async () => {
  const few = same.filter(({ pair }) => pair === undefined || Number(pair) <= 5)
  const all = [start({ pairs: 5 }), ...few.slice(1)]
  expect((await read(all)).diagnostics).toEqual([])
  expect((await read(all)).comparisons[2]!.verdict).toBe('inconclusive')
  expect((await read(all, { inconclusive: 'fail' })).diagnostics).toMatchObject([
    { kind: 'threshold', message: expect.stringContaining('time: inconclusive: 5 pairs') },
  ])
})

test('reports a failed benchmark at its line', async () => {
  const failed = {
    ...{ benchmark: 'decode', side: 'head', error: 'error: oops', undefined: false },
    ...{ file: '/workspace/apps/app/src/app.erl', line: 7 },
  }
  expect((await read([start(), same[1]!, failed, end])).diagnostics).toEqual([
    {
      kind: 'error',
      message: 'decode: it failed: error: oops',
      location: { file: 'apps/app/src/app.erl', line: 7 },
    },
  ])
})

test('accepts a new benchmark without a baseline', async () => {
  const onBase = { benchmark: 'decode', side: 'base', error: 'error: undef', undefined: true }
  const all = [start(), ...rows('decode', { head: usual }), onBase, end]
  const { diagnostics, comparisons } = await read(all)
  expect(diagnostics).toEqual([])
  expect(comparisons.map(({ verdict }) => verdict)).toEqual(Array(3).fill('no-baseline'))
  expect(comparisons[0]!.reason).toMatch(/^new: the base revision lacks a function that it calls/)
})

test('fails when a benchmark fails on the base revision', async () => {
  const onBase = { benchmark: 'decode', side: 'base', error: 'error: badmatch', undefined: false }
  const all = [start(), ...rows('decode', { head: usual }), onBase, end]
  expect((await read(all)).diagnostics).toMatchObject([
    { kind: 'error', message: expect.stringContaining('on the base revision') },
  ])
  expect((await read(all, { noBaseline: 'accept' })).diagnostics).toEqual([])
})

const alone: Row[] = [start({ base: false }), ...rows('decode', { head: usual }), end]

test('fails without a base revision and without a baseline', async () => {
  const { diagnostics, comparisons } = await read(alone)
  expect(diagnostics).toEqual([
    {
      kind: 'report-missing',
      message:
        'no base revision and no baseline to compare with: name a base revision (`erlmcp gate run --base origin/main`), or record a baseline (`erlmcp bench record`)',
    },
  ])
  expect(comparisons.map(({ verdict }) => verdict)).toEqual(Array(3).fill('no-baseline'))
  expect((await read(alone, { noBaseline: 'accept' })).diagnostics).toEqual([])
})

test('fails when the samples lack the base revision', async () => {
  const { diagnostics } = await read(alone, { base: true, noBaseline: 'accept' })
  expect(diagnostics).toMatchObject([{ kind: 'report-missing' }])
})

async function recorded(all: readonly Row[], old?: string) {
  const file = { path: samplesPath, chunks: () => [Buffer.from(print(all))] }
  return { 'bench/baseline.json': recordBaseline(await measurementOf(file), old) }
}

test('compares counts with a recorded baseline', async () => {
  const baseline = await recorded(alone)
  const { diagnostics, comparisons } = await read(alone, {}, baseline)
  expect(diagnostics).toEqual([])
  expect(comparisons.map(({ metric, verdict }) => `${metric}: ${verdict}`)).toEqual([
    'reductions: pass',
    'gc words: pass',
    'time: no-baseline',
  ])
  const heavy = [start({ base: false }), ...rows('decode', { head: heavier }), end]
  expect((await read(heavy, {}, baseline)).diagnostics).toMatchObject([{ kind: 'threshold' }])
})

test('records a baseline for each OTP release and kind of machine', async () => {
  const other = [start({ base: false, otp: '29.1' }), ...alone.slice(1)]
  const both = await recorded(other, (await recorded(alone))['bench/baseline.json'])
  expect(JSON.parse(both['bench/baseline.json'])).toEqual({
    'OTP 28.3.1 x86_64-pc-linux-gnu jit': { decode: { reductions: 1000, words: 400 } },
    'OTP 29.1 x86_64-pc-linux-gnu jit': { decode: { reductions: 1000, words: 400 } },
  })
  expect((await read(other, {}, await recorded(alone))).diagnostics).toMatchObject([
    {
      kind: 'report-missing',
      message: expect.stringContaining('the baseline lacks OTP 29.1'),
    },
  ])
})

test('fails when the baseline and the benchmarks differ', async () => {
  const renamed = [start({ base: false }), ...rows('encode', { head: usual }), end]
  const { diagnostics } = await read(renamed, {}, await recorded(alone))
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'encode: not in the baseline: name a base revision (`erlmcp gate run --base origin/main`), or record a baseline (`erlmcp bench record`)',
    'decode: in the baseline, but the benchmark no longer exists',
  ])
})

test('reports an invalid baseline', async () => {
  for (const text of ['{', '[]', '{"a":1}', '{"a":{"b":{"words":"1"}}}']) {
    const { diagnostics } = await read(alone, {}, { 'bench/baseline.json': text })
    expect(diagnostics, text).toMatchObject([
      {
        kind: 'report-invalid',
        message: expect.stringMatching(/^benchmarks: bench\/baseline.json: /),
      },
    ])
  }
})

test('reports missing samples', async () => {
  expect((await benchReader().read(evidence({}))).diagnostics).toEqual([
    {
      kind: 'report-missing',
      message: `benchmarks: missing ${samplesPath}: the benchmarks did not run`,
    },
  ])
})

test('reports samples with a missing line', async () => {
  for (const index of same.keys()) {
    const { diagnostics } = await read(same.filter((_, at) => at !== index))
    expect(diagnostics, `without line ${index + 1}`).toMatchObject([{ kind: 'report-invalid' }])
  }
})

test('reports truncated samples', async () => {
  const whole = print(same)
  for (let length = 0; length < whole.length - 1; length += 97) {
    const files = { [samplesPath]: whole.slice(0, length) }
    const { diagnostics } = await benchReader().read(evidence(files))
    expect(diagnostics, `${length} characters`).toMatchObject([{ kind: 'report-invalid' }])
  }
})

test('reports an invalid number with its line', async () => {
  const invalid = [start(), same[1]!, { ...same[2]!, ns: 'fast' }, ...same.slice(3)]
  expect((await read(invalid)).diagnostics).toEqual([
    {
      kind: 'report-invalid',
      message: expect.stringContaining(`${samplesPath}: line 3: expected a number as ns. Run`),
    },
  ])
})
