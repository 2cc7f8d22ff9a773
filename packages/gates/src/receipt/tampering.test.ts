import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rounds } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Files, random } from '../testing/chain-files.ts'
import { someFacts } from '../testing/receipts.ts'
import { tamperings } from '../testing/tampering.ts'
import { appendReceipt, receiptFolder, type VerifyOptions, verifyReceipts } from './index.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const publicKey = createPublicKey(privateKey)
const length = 8
const count = rounds(1000)

let root: string
let plain: Chain
let signed: Chain
let foreign: Chain

interface Chain {
  readonly files: Files
  /** Hash of the last receipt, kept outside of the project. */
  readonly head: string
}

async function makeChain(name: string, key?: KeyObject): Promise<Chain> {
  const project = join(root, name)
  mkdirSync(project)
  let head = ''
  for (let n = 0; n < length; n++) {
    head = (await appendReceipt(project, someFacts(n, { project: name }), key && { key })).hash
  }
  const folder = join(project, receiptFolder)
  const names = readdirSync(folder)
  return { files: new Map(names.map((one) => [one, readFileSync(join(folder, one))])), head }
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp-tampering-'))
  plain = await makeChain('plain')
  signed = await makeChain('signed', privateKey)
  foreign = await makeChain('foreign', privateKey)
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

function verifyFiles(files: Files, options: VerifyOptions) {
  const folder = join(root, 'tampered', receiptFolder)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of files) writeFileSync(join(folder, name), content)
  return verifyReceipts(join(root, 'tampered'), options)
}

const isSame = (a: Files, b: Files) =>
  a.size === b.size && [...a].every(([name, content]) => b.get(name)?.equals(content))

test('verifies unmodified chains', () => {
  const cases: readonly (readonly [Chain, VerifyOptions])[] = [
    [plain, {}],
    [plain, { head: plain.head }],
    [signed, {}],
    [signed, { head: signed.head }],
    [signed, { key: publicKey }],
  ]
  for (const [chain, options] of cases) {
    expect(verifyFiles(chain.files, options)).toMatchObject({ ok: true, head: chain.head })
  }
})

test(`finds ${count} random tamperings`, () => {
  const found = new Map(tamperings.map(({ name }) => [name, 0]))
  for (let seed = 0; seed < count; seed++) {
    const pick = random(seed)
    const tampering = tamperings[seed % tamperings.length]!
    // A rewritten chain is found with a key or a kept hash only.
    const chain = tampering.anchor === 'key' || pick(2) === 0 ? signed : plain
    const options: VerifyOptions =
      tampering.anchor === 'key'
        ? pick(2) === 0
          ? { key: publicKey }
          : { head: chain.head }
        : tampering.anchor === 'head'
          ? { head: chain.head }
          : {}
    const files: Files = new Map(chain.files)
    tampering.apply(files, pick, foreign.files)
    expect(isSame(files, chain.files), `${tampering.name}, seed ${seed}: changes nothing`).toBe(
      false,
    )
    const { ok, diagnostics } = verifyFiles(files, options)
    expect(ok, `${tampering.name}, seed ${seed}`).toBe(false)
    for (const { message } of diagnostics) expect(message).toMatch(/^\S+\.json|^\S+ /)
    found.set(tampering.name, found.get(tampering.name)! + 1)
  }
  expect([...found.values()].reduce((sum, one) => sum + one)).toBe(count)
  expect(Math.min(...found.values())).toBeGreaterThanOrEqual(count / tamperings.length - 1)
})

test('does not find a rewritten chain without a key or head, as the README documents', () => {
  const names = [
    'a field changed, and the whole chain rewritten',
    'the newest receipts removed, and the head adjusted',
    'the whole chain of another project',
  ]
  for (const name of names) {
    const files: Files = new Map(plain.files)
    tamperings.find((one) => one.name === name)!.apply(files, random(1), foreign.files)
    expect(verifyFiles(files, {}).ok, name).toBe(true)
    expect(verifyFiles(files, { head: plain.head }).ok, name).toBe(false)
  }
})
