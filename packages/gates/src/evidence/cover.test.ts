import { expect, test } from 'vitest'
import { coverdata, encode, record } from '../testing/coverdata.ts'
import { evidence, fixture } from '../testing/evidence.ts'
import { type CoverOptions, cover } from './cover.ts'
import { termOf } from './etf.ts'

const folder = '_build/test/cover'
const read = (
  options: CoverOptions,
  files: Readonly<Record<string, Uint8Array>>,
  output: string | Uint8Array = '',
) => {
  const placed = Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes])
  return cover(folder, options).read(evidence(Object.fromEntries(placed), output))
}

const real = {
  'eunit.coverdata': fixture('cover/eunit.coverdata'),
  'ct.coverdata': fixture('cover/ct.coverdata'),
}

test('lines of all exports together, as rebar3 counts them', async () => {
  const { diagnostics, coverage } = await read(
    { threshold: 0.66 },
    real,
    fixture('cover/output.txt'),
  )
  expect(diagnostics).toEqual([])
  expect(coverage).toEqual({
    covered: 2,
    lines: 3,
    modules: [{ module: 'demo', covered: 2, lines: 3, missed: [6] }],
  })
})

test('each module has its share', async () => {
  const { coverage } = await read(
    { threshold: 0 },
    { 'a.coverdata': fixture('cover/low.coverdata') },
  )
  expect(coverage).toEqual({
    covered: 5,
    lines: 17,
    modules: [
      { module: 'demo', covered: 5, lines: 15, missed: [6, 8, 12, 14, 15, 19, 20, 21, 23, 26] },
      { module: 'other', covered: 0, lines: 2, missed: [4, 5] },
    ],
  })
})

const lines = (covered: number, of: number) =>
  Array.from({ length: of }, (_, at) => (at < covered ? 3 : 0))

test('79.9 % is below 80 %', async () => {
  const share = (covered: number) =>
    read({ threshold: 0.8 }, { 'a.coverdata': coverdata('demo', lines(covered, 1000)) })
  expect((await share(799)).diagnostics).toEqual([
    {
      kind: 'threshold',
      message: 'all modules: expected tests to run 80 % of the lines, got 79.9 % (799 of 1000)',
    },
  ])
  expect((await share(800)).diagnostics).toEqual([])
})

test('a module may have its own threshold, or be excluded', async () => {
  const files = {
    'a.coverdata': coverdata('demo', lines(9, 10)),
    'b.coverdata': coverdata('demo_auth', lines(9, 10)),
    'c.coverdata': coverdata('demo_app', lines(0, 100)),
  }
  const exclude = { demo_app: 'starts the system' }
  const { diagnostics, coverage } = await read(
    {
      threshold: 0.85,
      modules: { demo_auth: 0.95, gone: 0.5 },
      exclude: { ...exclude, old: 'goes soon' },
    },
    files,
  )
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'demo_auth: expected tests to run 95 % of the lines, got 90 % (9 of 10)',
    'gone has a threshold, but the coverage has no such module. Remove the entry',
    'old is excluded, but the coverage has no such module. Remove the entry',
  ])
  expect(coverage).toMatchObject({ covered: 18, lines: 20 })
})

test('a line that ran in one export is covered; line 0 does not count', async () => {
  const files = {
    'a.coverdata': coverdata('demo', [0, 1, 0]),
    'b.coverdata': Buffer.concat([
      coverdata('demo', [1, 0, 0]),
      record({ tuple: [{ tuple: ['bump', 'demo', 'test', 0, 1, 0] }, 0] }),
    ]),
  }
  const { coverage } = await read({ threshold: 0.5 }, files)
  expect(coverage).toMatchObject({ covered: 2, lines: 3 })
})

test('what OTP before 27 writes: long and compressed records, and clauses', async () => {
  const clause = { tuple: ['demo', 'f', 1, 1, 2] }
  const head = record({ tuple: ['file', 'demo', 'demo.beam'] })
  const clauses = record({ tuple: ['demo', Array.from({ length: 50 }, () => clause)] })
  const rest = coverdata('demo', [1, 1]).subarray(coverdata('demo', []).length)
  const packed = record({ tuple: [{ tuple: ['bump', 'demo', 'f', 1, 1, 3] }, 0] }, true)
  const { coverage, diagnostics } = await read(
    { threshold: 0.5 },
    { 'a.coverdata': Buffer.concat([head, clauses, rest, packed]) },
  )
  expect(diagnostics).toEqual([])
  expect(coverage).toMatchObject({ covered: 2, lines: 3 })
})

const whole = coverdata('demo', [1, 1])

test.each([
  [
    'no file',
    {},
    'report-missing',
    'no *.coverdata in _build/test/cover. Run the tests with --cover',
  ],
  [
    'an empty file',
    { 'a.coverdata': Buffer.alloc(0) },
    'report-invalid',
    'a.coverdata: empty file',
  ],
  ['a truncated file', { 'a.coverdata': whole.subarray(0, -3) }, 'report-invalid', 'truncated'],
  ['text', { 'a.coverdata': Buffer.from('coverage: 100 %') }, 'report-invalid', 'truncated'],
  [
    'another term',
    { 'a.coverdata': record({ tuple: ['hello', 1] }) },
    'report-invalid',
    'invalid record',
  ],
  [
    'no line',
    { 'a.coverdata': coverdata('demo', []) },
    'report-missing',
    'no module has an executable line',
  ],
])('%s does not pass', async (_, files, kind, message) => {
  const { diagnostics } = await read({ threshold: 0 }, files)
  expect(diagnostics).toMatchObject([{ kind, message: expect.stringContaining(message) }])
})

test('an export truncated between two records contradicts the output of rebar3', async () => {
  const file = coverdata('demo', lines(3, 4))
  const cut = file.subarray(
    0,
    file.length - record({ tuple: [{ tuple: ['bump', 'demo', 'f', 1, 1, 4] }, 0] }).length,
  )
  const table = '  |  module  |  coverage  |\n  |  demo  |  75%  |\n  |  total |  75%  |\n'
  expect((await read({ threshold: 0.7 }, { 'a.coverdata': file }, table)).diagnostics).toEqual([])
  expect((await read({ threshold: 0.7 }, { 'a.coverdata': cut }, table)).diagnostics).toMatchObject(
    [
      {
        kind: 'report-invalid',
        message: 'coverage: demo: rebar3 printed 75 %, but the *.coverdata has 100 %',
      },
    ],
  )
  const more = table.replace('demo', 'gone')
  expect((await read({ threshold: 0.7 }, { 'a.coverdata': file }, more)).diagnostics).toMatchObject(
    [
      {
        kind: 'report-invalid',
        message: expect.stringContaining('rebar3 printed the module gone'),
      },
    ],
  )
})

test('a threshold is a fraction, not a percentage', () => {
  expect(() => cover(folder, { threshold: 80 })).toThrow(
    'invalid threshold 80: expected a number from 0 to 1',
  )
  expect(() => cover(folder, { threshold: 0.8, modules: { a: Number.NaN } })).toThrow(
    'invalid threshold NaN',
  )
})

test.each([
  ['nothing', Buffer.alloc(0), 'not an Erlang term'],
  ['a pid', Buffer.from([131, 88, 0]), 'unsupported Erlang term with tag 88'],
  ['a list of four billion', Buffer.from([131, 108, 255, 255, 255, 255]), 'truncated'],
  ['a bomb', Buffer.from([131, 80, 255, 255, 255, 255]), 'too large'],
  ['a list of a million', encode(Array<number>(1_000_001).fill(0), true), 'too many elements'],
  [
    'a deep term',
    Buffer.concat([Buffer.from([131]), Buffer.alloc(500, Buffer.from([104, 1]))]),
    'deeply',
  ],
  ['two terms', Buffer.concat([encode(1), encode(1)]), 'after an Erlang term'],
  ['damaged compression', encode('demo', true).fill(0, 8), 'corrupt'],
])('%s is rejected', (_, bytes, message) => {
  expect(() => termOf(bytes)).toThrow(message)
})

test('numbers of every size', () => {
  expect(termOf(Buffer.from([131, 97, 200]))).toBe(200)
  expect(termOf(encode(-5))).toBe(-5)
  expect(termOf(Buffer.from([131, 110, 5, 0, 0, 0, 0, 0, 1]))).toBe(2n ** 32n)
})
