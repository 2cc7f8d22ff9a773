import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp-bench-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function record(...more: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, 'bench', 'record', ...more],
    { cwd: folder, encoding: 'utf8' },
  )
  return { code: status, out: stdout, err: stderr }
}

const lastRun = '.erlmcp/gates/bench/evidence/_build/bench/samples.jsonl'
const machine = { otp: '28.3.1', arch: 'x86_64', emulator: 'jit', cpu: 'x', cores: 2 }
const sample = { round: 1, reductions: 20, words: 3, calls: 1, ns: 5 }
const rows: readonly object[] = [
  { erlmcp_bench: 1, base: false, pairs: 1, benchmarks: 1, ...machine },
  { benchmark: 'decode', file: 'bench/b.erl' },
  { benchmark: 'decode', side: 'head', pair: 1, ...sample },
  { end: true },
]
const print = (all: readonly object[]) => all.map((row) => `${JSON.stringify(row)}\n`).join('')

test('records what the last gate run measured, and keeps what other machines have', () => {
  put(lastRun, print(rows))
  expect(record()).toEqual({
    code: 0,
    out: 'bench/baseline.json: 1 benchmark on OTP 28.3.1, x86_64: commit it\n',
    err: '',
  })
  const other = print(rows).replace('28.3.1', '29.1')
  put('elsewhere.jsonl', other)
  expect(record('--samples', 'elsewhere.jsonl').code).toBe(0)
  expect(JSON.parse(readFileSync(join(folder, 'bench/baseline.json'), 'utf8'))).toEqual({
    'OTP 28.3.1 x86_64 jit': { decode: { reductions: 20, words: 3 } },
    'OTP 29.1 x86_64 jit': { decode: { reductions: 20, words: 3 } },
  })
})

test('names a missing file, or one without samples', () => {
  put('samples.jsonl', '{')
  expect(record('--samples', 'samples.jsonl')).toMatchObject({
    code: 2,
    err: expect.stringContaining('erlmcp: samples.jsonl: '),
  })
  expect(record('--samples', '.')).toMatchObject({
    code: 2,
    err: 'erlmcp: . is not a file\n  Name the file with the samples.\n',
  })
  put(lastRun, print(rows))
  put('bench', 'no folder')
  expect(record()).toMatchObject({
    code: 3,
    err: expect.stringContaining('erlmcp: bench/baseline.json cannot be written: '),
  })
})

test('says what is missing, cut, failed, or no baseline', () => {
  expect(record()).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${lastRun} does not exist`),
  })
  put(lastRun, print(rows.slice(0, 3)))
  expect(record()).toMatchObject({
    code: 2,
    err: expect.stringContaining('the last line is missing'),
  })
  const failed = { benchmark: 'decode', side: 'head', error: 'oops', undefined: false }
  put(lastRun, print([...rows.slice(0, 2), failed, ...rows.slice(3)]))
  expect(record()).toMatchObject({
    code: 2,
    err: expect.stringContaining('cannot record the benchmark decode: it failed'),
  })
  put(lastRun, print(rows))
  put('bench/baseline.json', '{')
  expect(record()).toMatchObject({
    code: 2,
    err: expect.stringContaining('invalid baseline: invalid JSON'),
  })
  expect(record('--samples', lastRun, 'x').code).toBe(2)
})
