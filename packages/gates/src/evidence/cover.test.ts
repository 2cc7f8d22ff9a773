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

test('79.9 % is not 80 %, though rebar3 prints no fraction', async () => {
  const share = (covered: number) =>
    read({ threshold: 0.8 }, { 'a.coverdata': coverdata('demo', lines(covered, 1000)) })
  expect((await share(799)).diagnostics).toEqual([
    {
      kind: 'threshold',
      message: 'all modules: 79.9 % of the lines are run by tests (799 of 1000), and 80 % must be',
    },
  ])
  expect((await share(800)).diagnostics).toEqual([])
})

test('a module may need more, and one that is excluded does not count', async () => {
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
    'demo_auth: 90 % of the lines are run by tests (9 of 10), and 95 % must be',
    'gone is given a threshold, and there is no such module: remove that',
    'old is excluded from coverage, and there is no such module: remove that',
  ])
  expect(coverage).toMatchObject({ covered: 18, lines: 20 })
})

test('a line that one export has run is run; line 0 is not one', async () => {
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
    'there is no *.coverdata in _build/test/cover; tests write it with --cover',
  ],
  [
    'an empty file',
    { 'a.coverdata': Buffer.alloc(0) },
    'report-invalid',
    'a.coverdata: it is empty',
  ],
  ['a cut file', { 'a.coverdata': whole.subarray(0, -3) }, 'report-invalid', 'cut off'],
  ['text', { 'a.coverdata': Buffer.from('coverage: 100 %') }, 'report-invalid', 'cut off'],
  [
    'another term',
    { 'a.coverdata': record({ tuple: ['hello', 1] }) },
    'report-invalid',
    'none of cover',
  ],
  [
    'no line',
    { 'a.coverdata': coverdata('demo', []) },
    'report-missing',
    'no line that tests could run',
  ],
])('%s is not green', async (_, files, kind, message) => {
  const { diagnostics } = await read({ threshold: 0 }, files)
  expect(diagnostics).toMatchObject([{ kind, message: expect.stringContaining(message) }])
})

test('an export that was cut between two records is noticed by what rebar3 has printed', async () => {
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
        message: 'coverage: demo: rebar3 says 75 %, the *.coverdata 100 %',
      },
    ],
  )
  const more = table.replace('demo', 'gone')
  expect((await read({ threshold: 0.7 }, { 'a.coverdata': file }, more)).diagnostics).toMatchObject(
    [{ kind: 'report-invalid', message: expect.stringContaining('rebar3 counts the module gone') }],
  )
})

test('a threshold is a share, not per cent', () => {
  expect(() => cover(folder, { threshold: 80 })).toThrow('80 is no share of lines')
  expect(() => cover(folder, { threshold: 0.8, modules: { a: Number.NaN } })).toThrow('no share')
})

test.each([
  ['nothing', Buffer.alloc(0), 'no Erlang term'],
  ['a pid', Buffer.from([131, 88, 0]), 'no term with the tag 88'],
  ['a list of four billion', Buffer.from([131, 108, 255, 255, 255, 255]), 'cut off'],
  ['a bomb', Buffer.from([131, 80, 255, 255, 255, 255]), 'too large'],
  ['a list of a million', encode(Array<number>(1_000_001).fill(0), true), 'too many others'],
  [
    'a deep term',
    Buffer.concat([Buffer.from([131]), Buffer.alloc(500, Buffer.from([104, 1]))]),
    'deeply',
  ],
  ['two terms', Buffer.concat([encode(1), encode(1)]), 'behind an Erlang term'],
  ['damaged compression', encode('demo', true).fill(0, 8), 'damaged'],
])('%s is no term of cover', (_, bytes, message) => {
  expect(() => termOf(bytes)).toThrow(message)
})

test('numbers of every size', () => {
  expect(termOf(Buffer.from([131, 97, 200]))).toBe(200)
  expect(termOf(encode(-5))).toBe(-5)
  expect(termOf(Buffer.from([131, 110, 5, 0, 0, 0, 0, 0, 1]))).toBe(2n ** 32n)
})
