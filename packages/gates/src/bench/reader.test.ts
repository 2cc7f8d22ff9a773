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

test('the same code is green, and says of each metric why', async () => {
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

test('a heavier function is red, with both medians', async () => {
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

test('a slower function is red, confirmed by the second round', async () => {
  const all = [start(), ...rows('decode', { head: slower, base: usual }, [1, 2]), end]
  const { diagnostics } = await read(all)
  expect(diagnostics).toHaveLength(1)
  expect(diagnostics[0]!.message).toMatch(
    /^decode: time: 30\S* % slower, p = .*; measured again 30/,
  )
})

test('limits are one for each metric', async () => {
  const all = [start(), ...rows('decode', { head: heavier, base: usual }), end]
  expect((await read(all, { limits: { reductions: 0.3 } })).diagnostics).toEqual([])
})

test('inconclusive is told, and red where it is refused', async () => {
  const few = same.filter(({ pair }) => pair === undefined || Number(pair) <= 5)
  const all = [start({ pairs: 5 }), ...few.slice(1)]
  expect((await read(all)).diagnostics).toEqual([])
  expect((await read(all)).comparisons[2]!.verdict).toBe('inconclusive')
  expect((await read(all, { inconclusive: 'refuse' })).diagnostics).toMatchObject([
    { kind: 'threshold', message: expect.stringContaining('time: inconclusive: 5 pairs') },
  ])
})

test('a benchmark that fails is red, at its line', async () => {
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

test('what is new has no baseline, and is not refused', async () => {
  const onBase = { benchmark: 'decode', side: 'base', error: 'error: undef', undefined: true }
  const all = [start(), ...rows('decode', { head: usual }), onBase, end]
  const { diagnostics, comparisons } = await read(all)
  expect(diagnostics).toEqual([])
  expect(comparisons.map(({ verdict }) => verdict)).toEqual(Array(3).fill('no-baseline'))
  expect(comparisons[0]!.reason).toMatch(/^new: what it calls is not in the base revision/)
})

test('what fails on the base otherwise cannot be compared, and is red', async () => {
  const onBase = { benchmark: 'decode', side: 'base', error: 'error: badmatch', undefined: false }
  const all = [start(), ...rows('decode', { head: usual }), onBase, end]
  expect((await read(all)).diagnostics).toMatchObject([
    { kind: 'error', message: expect.stringContaining('on the base revision') },
  ])
  expect((await read(all, { noBaseline: 'accept' })).diagnostics).toEqual([])
})

const alone: Row[] = [start({ base: false }), ...rows('decode', { head: usual }), end]

test('the first run is no baseline, and that is not a pass', async () => {
  const { diagnostics, comparisons } = await read(alone)
  expect(diagnostics).toEqual([
    {
      kind: 'report-missing',
      message:
        'there is nothing to compare the benchmarks with: name a base revision (`erlmcp gate run --base origin/main`), or record a baseline (`erlmcp bench record`)',
    },
  ])
  expect(comparisons.map(({ verdict }) => verdict)).toEqual(Array(3).fill('no-baseline'))
  expect((await read(alone, { noBaseline: 'accept' })).diagnostics).toEqual([])
})

test('a named base must have been measured', async () => {
  const { diagnostics } = await read(alone, { base: true, noBaseline: 'accept' })
  expect(diagnostics).toMatchObject([{ kind: 'report-missing' }])
})

async function recorded(all: readonly Row[], old?: string) {
  const file = { path: samplesPath, chunks: () => [Buffer.from(print(all))] }
  return { 'bench/baseline.json': recordBaseline(await measurementOf(file), old) }
}

test('a recorded baseline judges the counts of a run without a base', async () => {
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

test('a baseline is one for each OTP and kind of machine, and keeps the others', async () => {
  const other = [start({ base: false, otp: '29.1' }), ...alone.slice(1)]
  const both = await recorded(other, (await recorded(alone))['bench/baseline.json'])
  expect(JSON.parse(both['bench/baseline.json'])).toEqual({
    'OTP 28.3.1 x86_64-pc-linux-gnu jit': { decode: { reductions: 1000, words: 400 } },
    'OTP 29.1 x86_64-pc-linux-gnu jit': { decode: { reductions: 1000, words: 400 } },
  })
  expect((await read(other, {}, await recorded(alone))).diagnostics).toMatchObject([
    {
      kind: 'report-missing',
      message: expect.stringContaining('the baseline has nothing for OTP 29.1'),
    },
  ])
})

test('benchmarks that come or go without the baseline are red', async () => {
  const renamed = [start({ base: false }), ...rows('encode', { head: usual }), end]
  const { diagnostics } = await read(renamed, {}, await recorded(alone))
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'encode: nothing is recorded: name a base revision (`erlmcp gate run --base origin/main`), or record a baseline (`erlmcp bench record`)',
    'decode: recorded, but there is no such benchmark any more',
  ])
})

test('a baseline that cannot be read is no baseline', async () => {
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

test('without samples nothing was measured', async () => {
  expect((await benchReader().read(evidence({}))).diagnostics).toEqual([
    {
      kind: 'report-missing',
      message: `benchmarks: there is no ${samplesPath}: nothing was measured`,
    },
  ])
})

test('samples of which any line is missing are unreadable', async () => {
  for (const index of same.keys()) {
    const { diagnostics } = await read(same.filter((_, place) => place !== index))
    expect(diagnostics, `without line ${index + 1}`).toMatchObject([{ kind: 'report-invalid' }])
  }
})

test('samples that are cut anywhere are unreadable', async () => {
  const whole = print(same)
  for (let length = 0; length < whole.length - 1; length += 97) {
    const files = { [samplesPath]: whole.slice(0, length) }
    const { diagnostics } = await benchReader().read(evidence(files))
    expect(diagnostics, `${length} characters`).toMatchObject([{ kind: 'report-invalid' }])
  }
})

test('a number that is none is unreadable, and told with its line', async () => {
  const wrong = [start(), same[1]!, { ...same[2]!, ns: 'fast' }, ...same.slice(3)]
  expect((await read(wrong)).diagnostics).toEqual([
    {
      kind: 'report-invalid',
      message: expect.stringContaining(`${samplesPath}: line 3 has no ns that is a number`),
    },
  ])
})
