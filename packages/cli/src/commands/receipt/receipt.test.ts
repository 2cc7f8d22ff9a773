import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appendReceipt, type ReceiptFacts, receiptFolder } from '@erlmcp/gates/receipt'
import { afterEach, beforeEach, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp receipt é-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function erlmcp(...argv: string[]) {
  mkdirSync(join(folder, 'apps/a'), { recursive: true })
  const child = spawnSync(process.execPath, [main, 'receipt', ...argv], {
    cwd: join(folder, 'apps/a'),
    encoding: 'utf8',
  })
  return { code: child.status, out: child.stdout, err: child.stderr }
}

const digest = 'a'.repeat(64)
const facts: ReceiptFacts = {
  project: 'erlmcp',
  gate: 'ct',
  service: 'erlmcp-ct',
  command: ['rebar3', 'ct'],
  verdict: 'failed',
  exit: 1,
  ending: 'exited',
  image: { reference: 'erlmcp:3.0.0', kind: 'image-id', digest: `sha256:${digest}` },
  git: { commit: 'c'.repeat(40), dirty: true, difference: digest },
  output: { sha256: digest, bytes: 3 },
  evidence: [],
  started: '2026-11-23T20:00:00.000Z',
  ended: '2026-11-23T20:00:09.000Z',
  engine: '28.5.2',
  otp: null,
  machine: { name: 'ci', os: 'linux', arch: 'x64', cpus: 2 },
}

test('verify, list and show', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await appendReceipt(folder, facts, { key: privateKey })
  const { hash } = await appendReceipt(
    folder,
    { ...facts, exit: null, ending: 'timed out' },
    { key: privateKey },
  )
  const pem = join(folder, 'a.pub')
  writeFileSync(pem, publicKey.export({ format: 'pem', type: 'spki' }))

  const right = { code: 0, out: `2 receipts, unmodified; head ${hash}\n`, err: '' }
  expect(erlmcp('verify')).toEqual(right)
  expect(erlmcp('verify', '--key', pem, '--head', hash)).toEqual(right)
  expect(erlmcp('list').out).toMatch(
    /^1 {2}2026-11-23T20:00:09\.000Z {2}failed {2}ct {2}exit 1 {2}cccccccccccc\+ {2}[0-9a-f]{12} {2}erlmcp-ct: rebar3 ct\n2 .* timed out /,
  )
  expect(JSON.parse(erlmcp('show', '2').out)).toMatchObject({ hash, receipt: { sequence: 2 } })
  expect(JSON.parse(erlmcp('list', '--format=json').out)).toMatchObject([{ gate: 'ct' }, { hash }])

  // Read-only, so that it is changed only by who means to.
  rmSync(join(folder, receiptFolder, '000001.json'))
  writeFileSync(join(folder, receiptFolder, '000001.json'), '{}')
  expect(erlmcp('show', '1')).toMatchObject({
    code: 2,
    err: expect.stringContaining('was modified\n  Run erlmcp receipt verify'),
  })

  rmSync(join(folder, receiptFolder, '000001.json'))
  expect(erlmcp('verify')).toEqual({
    code: 1,
    out: '',
    err: 'erlmcp: 000001.json is missing [missing]\n',
  })
  expect(JSON.parse(erlmcp('verify', '--format=json').out)).toMatchObject({
    ok: false,
    diagnostics: [{ kind: 'missing', file: '000001.json' }],
  })
})

test('errors name the receipt, the hash and the key', () => {
  expect(erlmcp('verify')).toMatchObject({ code: 1, err: expect.stringContaining('no receipts') })
  expect(erlmcp('show', '7')).toMatchObject({
    code: 2,
    err: expect.stringContaining('receipt 7 does not exist'),
  })
  expect(erlmcp('show')).toMatchObject({
    code: 2,
    err: expect.stringContaining('show: expected NUMBER, got nothing'),
  })
  // as `receipt list` prints it
  expect(erlmcp('verify', '--head', 'edab71f274e5')).toMatchObject({
    code: 2,
    err: expect.stringContaining('invalid receipt hash "edab71f274e5": expected 64 hex digits'),
  })
  expect(erlmcp('verify', '--key', 'gone')).toMatchObject({
    code: 2,
    err: expect.stringContaining('gone: file not found'),
  })
})
