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
  hashOf,
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

const kinds = (options = {}) => verifyReceipts(root, options).problems.map(({ kind }) => kind)

describe('a chain', () => {
  test('has a file for each receipt, and says how far it goes', async () => {
    const hashes = await chain(3)
    expect(readdirSync(join(root, receiptFolder)).sort()).toEqual([
      ...['000001.json', '000002.json', '000003.json'],
      'head.json',
    ])
    const [first, second, third] = readReceipts(root).map(({ content }) => content!.receipt)
    expect(first).toMatchObject({ version: 1, sequence: 1, previous: '0'.repeat(64) })
    expect(second).toMatchObject({ ...someFacts(1), sequence: 2, previous: hashes[0] })
    expect(third).toMatchObject({ previous: hashes[1], chain: first!.chain })
    expect(verifyReceipts(root)).toEqual({ ok: true, count: 3, head: hashes[2], problems: [] })
  })

  test('its text is canonical: keys in order, no space, one line', async () => {
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

  test('no receipt is no truth', () => {
    expect(verifyReceipts(root)).toMatchObject({ ok: false, count: 0, head: undefined })
    expect(kinds()).toEqual(['missing'])
  })

  test('every field counts', async () => {
    await chain(2)
    const text = readFileSync(file('000001.json'), 'utf8')
    const leaves = text.match(/"(?:[^"\\]|\\.)*"|\b\d+\b|true|false|null/g)!
    const places = [...text.matchAll(/"(?:[^"\\]|\\.)*"|\b\d+\b|true|false|null/g)]
    expect(leaves.length).toBeGreaterThan(60)
    chmodSync(file('000001.json'), 0o644)
    for (const { 0: leaf, index } of places) {
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
  test('several processes at once make one chain', async () => {
    const index = pathToFileURL(fileURLToPath(new URL('./index.ts', import.meta.url))).href
    const facts = pathToFileURL(
      fileURLToPath(new URL('../testing/receipts.ts', import.meta.url)),
    ).href
    const program = `import { appendReceipt } from ${JSON.stringify(index)}
import { someFacts } from ${JSON.stringify(facts)}
for (let n = 0; n < 5; n++) await appendReceipt(${JSON.stringify(root)}, someFacts(n), { patience: 60000 })`
    const run = () =>
      new Promise((resolve) => {
        const argv = ['--import', 'tsx', '--input-type=module', '-e', program]
        const cwd = fileURLToPath(new URL('../../../..', import.meta.url))
        spawn(process.execPath, argv, { cwd, stdio: 'inherit' }).on('close', resolve)
      })
    expect(await Promise.all([run(), run(), run(), run()])).toEqual([0, 0, 0, 0])
    expect(verifyReceipts(root)).toMatchObject({ ok: true, count: 20 })
  })

  test('a write that died before its end is said, and the next receipt mends it', async () => {
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

  test('so is one that died at the very first receipt', async () => {
    await chain(1)
    rmSync(file('head.json'))
    expect(kinds()).toEqual(['unfinished'])
    await chain(1)
    expect(verifyReceipts(root)).toMatchObject({ ok: true, count: 2 })
  })

  const ends: Record<string, () => void> = {
    'the last receipt is not the one that was written': () => {
      rmSync(file('000003.json'))
      writeFileSync(file('000003.json'), readFileSync(file('000002.json')))
    },
    'the last receipt is gone': () => rmSync(file('000003.json')),
    'the head is gone': () => rmSync(file('head.json')),
    'the head cannot be read': () => {
      rmSync(file('head.json'))
      writeFileSync(file('head.json'), '{')
    },
    'a receipt is behind the end': () =>
      writeFileSync(file('000004.json'), readFileSync(file('000003.json'))),
  }
  test.each(Object.keys(ends))('nothing is added to a chain of which %s', async (name) => {
    await chain(3)
    ends[name]!()
    const before = readdirSync(join(root, receiptFolder))
    await expect(chain(1)).rejects.toThrow(/cannot go on: [\s\S]*erlmcp receipt verify/)
    expect(readdirSync(join(root, receiptFolder))).toEqual(before)
  })
})

describe('keys', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = createPublicKey(privateKey)

  test('a signed chain holds against its key, and against no other', async () => {
    await chain(3, privateKey)
    expect(verifyReceipts(root, { key: publicKey })).toMatchObject({ ok: true, problems: [] })
    const other = createPublicKey(generateKeyPairSync('ed25519').privateKey)
    expect(kinds({ key: other })).toEqual(['forged', 'forged', 'forged', 'forged'])
  })

  test('a receipt without a signature is none where a key is asked for', async () => {
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
    expect(() => readPrivateKey(put('rsa.key', rsa))).toThrow(/kind rsa.*signed with Ed25519/)
    expect(() => readPrivateKey(put('text', 'text'))).toThrow(/is no private key in PEM/)
    expect(() => readPublicKey(join(root, 'gone'))).toThrow(/is not there\n.*pkey .*-pubout/)
    expect(() => readPrivateKey(join(root, 'gone'))).toThrow(/is not there\n.*openssl genpkey/)
    expect(() => readPublicKey(root)).toThrow(/cannot be read/)
  })
})

test('the hash of a receipt that was kept elsewhere must be in the chain', async () => {
  const hashes = await chain(3)
  for (const head of hashes) expect(verifyReceipts(root, { head }).ok).toBe(true)
  expect(kinds({ head: 'f'.repeat(64) })).toEqual(['rewritten'])
  expect(() => kinds({ head: hashes[0]!.slice(0, 12) })).toThrow('is no hash of a receipt')
})

test('files that are no receipts, and links to some, are foreign', async () => {
  await chain(1)
  writeFileSync(file('notes.txt'), '')
  symlinkSync(file('000001.json'), file('000002.json'))
  writeFileSync(file('0000003.json'), '')
  expect(kinds()).toEqual(['foreign', 'foreign', 'foreign'])
})

test('nothing is written through a link, over a folder, or into a pipe', async () => {
  const [hash] = await chain(1)
  mkdirSync(file('000002.json'))
  await expect(chain(1)).rejects.toThrow(/000002\.json is no file[\s\S]*move the folder away/)
  rmSync(file('000002.json'), { recursive: true })
  spawnSync('mkfifo', [file('.draft-0')])
  await expect(chain(1)).rejects.toThrow(/\.draft-0 is no file/)
  rmSync(file('.draft-0'))
  expect(verifyReceipts(root, { head: hash! }).ok).toBe(true)

  renameSync(join(root, receiptFolder), join(root, 'elsewhere'))
  symlinkSync(join(root, 'elsewhere'), join(root, receiptFolder))
  await expect(chain(1)).rejects.toThrow(`${receiptFolder} is a link`)
  expect(() => verifyReceipts(root)).toThrow(`${receiptFolder} is a link`)
  rmSync(join(root, receiptFolder))
  writeFileSync(join(root, receiptFolder), '')
  await expect(chain(1)).rejects.toThrow(`${receiptFolder} is no folder`)
  expect(() => verifyReceipts(root)).toThrow(`${receiptFolder} is no folder`)
})

describe('facts', () => {
  test('of git: the commit, and whatever differs from it', () => {
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

  test('of an image: the digest of a registry where there is one', () => {
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

  test('of content, and of this machine', async () => {
    expect(await hashOf([Buffer.from('a'), Buffer.from('bc')])).toEqual({
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      bytes: 3,
    })
    expect(machineFacts()).toMatchObject({ os: process.platform, arch: process.arch })
  })
})
