import { spawn, spawnSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { someFacts } from '../testing/receipts.ts'
import {
  appendReceipt,
  gitFacts,
  hashChunks,
  imageFacts,
  machineFacts,
  readPrivateKey,
  readPublicKey,
  readReceipts,
  receiptFolder,
  verifyReceipts,
} from './index.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp receipts é-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const file = (name: string) => join(root, receiptFolder, name)

async function chain(length: number, key?: KeyObject): Promise<string[]> {
  const hashes: string[] = []
  for (let n = 0; n < length; n++) {
    const { hash } = await appendReceipt(root, someFacts(n), key && { key })
    hashes.push(hash)
  }
  return hashes
}

const kinds = (options = {}) => verifyReceipts(root, options).diagnostics.map(({ kind }) => kind)

describe('a chain', () => {
  test('has a file for each receipt, and a head', async () => {
    const hashes = await chain(3)
    expect(readdirSync(join(root, receiptFolder)).sort()).toEqual([
      ...['000001.json', '000002.json', '000003.json'],
      'head.json',
    ])
    const [first, second, third] = readReceipts(root).map(({ content }) => content!.receipt)
    expect(first).toMatchObject({ version: 1, sequence: 1, previous: '0'.repeat(64) })
    expect(second).toMatchObject({ ...someFacts(1), sequence: 2, previous: hashes[0] })
    expect(third).toMatchObject({ previous: hashes[1], chain: first!.chain })
    expect(verifyReceipts(root)).toEqual({ ok: true, count: 3, head: hashes[2], diagnostics: [] })
  })

  test('is canonical JSON: sorted keys, no white space, one line', async () => {
    await chain(1)
    const text = readFileSync(file('000001.json'), 'utf8')
    expect(text).toMatch(
      /^\{"receipt":\{"chain":"[0-9a-f]{32}","command":\["rebar3",.*,"version":1\}\}\n$/,
    )
  })

  test('is not committed by accident', async () => {
    spawnSync('git', ['init', '-q'], { cwd: root })
    await chain(1)
    const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' })
    expect(stdout).not.toContain('receipts')
  })

  test('fails without receipts', () => {
    expect(verifyReceipts(root)).toMatchObject({ ok: false, count: 0, head: undefined })
    expect(kinds()).toEqual(['missing'])
  })

  test('fails when any field is changed', async () => {
    await chain(2)
    const text = readFileSync(file('000001.json'), 'utf8')
    const leaves = text.match(/"(?:[^"\\]|\\.)*"|\b\d+\b|true|false|null/g)!
    const matches = [...text.matchAll(/"(?:[^"\\]|\\.)*"|\b\d+\b|true|false|null/g)]
    expect(leaves.length).toBeGreaterThan(60)
    chmodSync(file('000001.json'), 0o644)
    for (const { 0: leaf, index } of matches) {
      const other =
        leaf === 'true'
          ? 'false'
          : leaf === 'false'
            ? 'true'
            : leaf === 'null'
              ? '0'
              : leaf.replace(/\w/, (c) => (c === '1' ? '2' : '1'))
      writeFileSync(
        file('000001.json'),
        text.slice(0, index) + other + text.slice(index + leaf.length),
      )
      expect(verifyReceipts(root).ok, `${leaf} at ${index}`).toBe(false)
    }
  })
})

describe('writing', () => {
  test('several processes write one chain', async () => {
    const index = pathToFileURL(fileURLToPath(new URL('./index.ts', import.meta.url))).href
    const facts = pathToFileURL(
      fileURLToPath(new URL('../testing/receipts.ts', import.meta.url)),
    ).href
    const program = `import { appendReceipt } from ${JSON.stringify(index)}
import { someFacts } from ${JSON.stringify(facts)}
for (let n = 0; n < 5; n++) await appendReceipt(${JSON.stringify(root)}, someFacts(n), { timeout: 60000 })`
    const run = () =>
      new Promise((resolve) => {
        const argv = ['--import', 'tsx', '--input-type=module', '-e', program]
        const cwd = fileURLToPath(new URL('../../../..', import.meta.url))
        spawn(process.execPath, argv, { cwd, stdio: 'inherit' }).on('close', resolve)
      })
    expect(await Promise.all([run(), run(), run(), run()])).toEqual([0, 0, 0, 0])
    expect(verifyReceipts(root)).toMatchObject({ ok: true, count: 20 })
  })

  test('reports an interrupted write, which the next receipt completes', async () => {
    await chain(2)
    const head = readFileSync(file('head.json'))
    await chain(1)
    rmSync(file('head.json'))
    writeFileSync(file('head.json'), head)
    writeFileSync(file('.draft-1'), 'half')
    expect(kinds()).toEqual(['unfinished'])
    await chain(1)
    expect(verifyReceipts(root)).toMatchObject({ ok: true, count: 4 })
    expect(readdirSync(join(root, receiptFolder))).not.toContain('.draft-1')
  })

  test('reports an interrupted write of the first receipt', async () => {
    await chain(1)
    rmSync(file('head.json'))
    expect(kinds()).toEqual(['unfinished'])
    await chain(1)
    expect(verifyReceipts(root)).toMatchObject({ ok: true, count: 2 })
  })

  const ends: Record<string, () => void> = {
    'the last receipt was replaced': () => {
      rmSync(file('000003.json'))
      writeFileSync(file('000003.json'), readFileSync(file('000002.json')))
    },
    'the last receipt is missing': () => rmSync(file('000003.json')),
    'the head is missing': () => rmSync(file('head.json')),
    'the head is invalid': () => {
      rmSync(file('head.json'))
      writeFileSync(file('head.json'), '{')
    },
    'a receipt is after the end': () =>
      writeFileSync(file('000004.json'), readFileSync(file('000003.json'))),
  }
  test.each(Object.keys(ends))('appends nothing when %s', async (name) => {
    await chain(3)
    ends[name]!()
    const before = readdirSync(join(root, receiptFolder))
    await expect(chain(1)).rejects.toThrow(
      /cannot append to the chain [\s\S]*erlmcp receipt verify/,
    )
    expect(readdirSync(join(root, receiptFolder))).toEqual(before)
  })
})

describe('keys', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = createPublicKey(privateKey)

  test('a signed chain verifies with its key only', async () => {
    await chain(3, privateKey)
    expect(verifyReceipts(root, { key: publicKey })).toMatchObject({ ok: true, diagnostics: [] })
    const other = createPublicKey(generateKeyPairSync('ed25519').privateKey)
    expect(kinds({ key: other })).toEqual(['forged', 'forged', 'forged', 'forged'])
  })

  test('a key requires a signature on every receipt', async () => {
    await chain(1)
    await chain(1, privateKey)
    expect(kinds()).toEqual([])
    expect(kinds({ key: publicKey })).toEqual(['unsigned'])
  })

  test('are read from PEM files', () => {
    const put = (name: string, text: string | Buffer) => {
      writeFileSync(join(root, name), text)
      return join(root, name)
    }
    const pem = { format: 'pem', type: 'pkcs8' } as const
    const secret = put('a.key', privateKey.export(pem))
    expect(readPublicKey(secret).equals(publicKey)).toBe(true)
    expect(readPrivateKey(secret).equals(privateKey)).toBe(true)
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem)
    expect(() => readPrivateKey(put('rsa.key', rsa))).toThrow(/expected an Ed25519 key, got rsa/)
    expect(() => readPrivateKey(put('text', 'text'))).toThrow(/expected a private key in PEM/)
    expect(() => readPublicKey(join(root, 'gone'))).toThrow(/file not found\n.*pkey .*-pubout/)
    expect(() => readPrivateKey(join(root, 'gone'))).toThrow(/file not found\n.*openssl genpkey/)
    expect(() => readPublicKey(root)).toThrow(/cannot be read/)
  })
})

test('the chain must contain the hash of --head', async () => {
  const hashes = await chain(3)
  for (const head of hashes) expect(verifyReceipts(root, { head }).ok).toBe(true)
  expect(kinds({ head: 'f'.repeat(64) })).toEqual(['rewritten'])
  expect(() => kinds({ head: hashes[0]!.slice(0, 12) })).toThrow('expected 64 hex digits')
})

test('other files and links are foreign', async () => {
  await chain(1)
  writeFileSync(file('notes.txt'), '')
  symlinkSync(file('000001.json'), file('000002.json'))
  writeFileSync(file('0000003.json'), '')
  expect(kinds()).toEqual(['foreign', 'foreign', 'foreign'])
})

test('writes to regular files only', async () => {
  const [hash] = await chain(1)
  mkdirSync(file('000002.json'))
  await expect(chain(1)).rejects.toThrow(
    /000002\.json is not a regular file[\s\S]*move the folder away/,
  )
  rmSync(file('000002.json'), { recursive: true })
  spawnSync('mkfifo', [file('.draft-0')])
  await expect(chain(1)).rejects.toThrow(/\.draft-0 is not a regular file/)
  rmSync(file('.draft-0'))
  expect(verifyReceipts(root, { head: hash! }).ok).toBe(true)

  renameSync(join(root, receiptFolder), join(root, 'elsewhere'))
  symlinkSync(join(root, 'elsewhere'), join(root, receiptFolder))
  await expect(chain(1)).rejects.toThrow(`${receiptFolder}: expected a folder, got a symbolic link`)
  expect(() => verifyReceipts(root)).toThrow(
    `${receiptFolder}: expected a folder, got a symbolic link`,
  )
  rmSync(join(root, receiptFolder))
  writeFileSync(join(root, receiptFolder), '')
  await expect(chain(1)).rejects.toThrow(`${receiptFolder}: expected a folder, got a file`)
  expect(() => verifyReceipts(root)).toThrow(`${receiptFolder}: expected a folder, got a file`)
})

describe('facts', () => {
  test('of git: the commit and the changes', () => {
    expect(gitFacts(root)).toEqual({ commit: null, dirty: false, difference: null })
    const git = (...argv: string[]) =>
      spawnSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...argv], {
        cwd: root,
        encoding: 'utf8',
      }).stdout.trim()
    git('init', '-q')
    writeFileSync(join(root, 'a.erl'), 'one')
    const initial = gitFacts(root)
    expect(initial).toMatchObject({ commit: null, dirty: true })
    git('add', '.')
    git('commit', '-q', '-m', 'a')
    const commit = git('rev-parse', 'HEAD')
    expect(gitFacts(root)).toEqual({ commit, dirty: false, difference: null })
    const differences = ['two', 'three'].map((text) => {
      writeFileSync(join(root, 'a.erl'), text)
      return gitFacts(root).difference
    })
    mkdirSync(join(root, 'sub'))
    for (const [name, text] of [
      ['b', 'c d'],
      ['b c', 'd'],
    ] as const) {
      writeFileSync(join(root, name), text)
      differences.push(gitFacts(root).difference)
      rmSync(join(root, name))
    }
    expect(differences.every((one) => /^[0-9a-f]{64}$/.test(String(one)))).toBe(true)
    expect(new Set(differences).size).toBe(4)
  })

  test('of an image: the digest of a registry, or else the id', () => {
    const id = `sha256:${'a'.repeat(64)}`
    const digest = `sha256:${'b'.repeat(64)}`
    expect(imageFacts('a:1', { Id: id, RepoDigests: [`a@${digest}`] })).toEqual({
      reference: 'a:1',
      kind: 'repo-digest',
      digest,
    })
    expect(imageFacts('a:1', { Id: id, RepoDigests: [] })).toMatchObject({
      kind: 'image-id',
      digest: id,
    })
  })

  test('of chunks, and of this machine', async () => {
    expect(await hashChunks([Buffer.from('a'), Buffer.from('bc')])).toEqual({
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      bytes: 3,
    })
    expect(machineFacts()).toMatchObject({ os: process.platform, arch: process.arch })
  })
})
