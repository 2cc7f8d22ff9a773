import { spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSecrets } from '../check/check-secrets.ts'
import { listCertificates } from '../check/list-certificates.ts'
import { initSecrets } from '../init-secrets.ts'
import { leaf, mode, project, random, reader, tls } from '../testing/secrets.ts'
import { finishRotation, rotateSecrets } from './rotate-secrets.ts'

const all = [random('secrets/password', [reader]), ...tls]
const stopped = true

async function created() {
  const root = project()
  expect((await initSecrets(root, all)).ok).toBe(true)
  const read = (name: string) => readFileSync(join(root, 'secrets', name), 'utf8')
  const rotate = (which: readonly string[] | 'expiring' | 'all', more = {}) =>
    rotateSecrets(root, all, { which, stopped, ...more })
  return { root, read, rotate, certificate: (name: string) => new X509Certificate(read(name)) }
}

describe('a password', () => {
  it('is new in the same file, and the old one is kept until the rotation is done', async () => {
    const { root, read, rotate } = await created()
    const old = read('password')
    const before = statSync(join(root, 'secrets/password'))
    const report = await rotate(['password'])
    expect(read('password')).toMatch(/^[0-9a-f]{64}$/)
    expect(read('password')).not.toBe(old)
    const { ino, mode: bits, uid } = statSync(join(root, 'secrets/password'))
    expect([ino, bits, uid]).toEqual([before.ino, before.mode, before.uid])
    expect(JSON.stringify(report)).not.toContain(read('password'))
    expect(report).toMatchObject({ open: true, rotated: [{ path: 'secrets/password' }] })
    expect(read('.erlmcp-rotation')).toContain(old)
    expect(mode(join(root, 'secrets/.erlmcp-rotation'))).toBe('400')
    await expect(rotate(['password'])).rejects.toThrow('the previous rotation is not finished')
    expect(await finishRotation(root, all, { stopped })).toBe(true)
    expect(existsSync(join(root, 'secrets/.erlmcp-rotation'))).toBe(false)
    expect(await finishRotation(root, all, { stopped })).toBe(false)
    expect((await checkSecrets(root, all)).ok).toBe(true)
  })

  it('goes on where a killed rotation ended', async () => {
    const { root, read, rotate } = await created()
    const change = { path: 'secrets/password', old: read('password'), next: 'a'.repeat(64) }
    const journal = JSON.stringify({ state: 'begun', changes: [change] })
    writeFileSync(join(root, 'secrets/.erlmcp-rotation'), journal, { mode: 0o400 })
    await expect(finishRotation(root, all, { stopped })).rejects.toThrow('was interrupted')
    expect(await rotate(['password'])).toMatchObject({ resumed: true, open: true })
    expect(read('password')).toBe('a'.repeat(64))
  })

  it('that was longer is filled up with line ends, which readers drop', async () => {
    const { root, read, rotate } = await created()
    writeFileSync(join(root, 'secrets/password'), `${'b'.repeat(80)}\n`)
    await rotate(['secrets/password'])
    expect(read('password')).toMatch(/^[0-9a-f]{64}\n{17}$/)
  })
})

describe('a journal that a rotation did not write', () => {
  const journalOf = (root: string) => join(root, 'secrets/.erlmcp-rotation')
  const change = (root: string, more: object) => ({
    path: 'secrets/password',
    old: readFileSync(join(root, 'secrets/password'), 'utf8'),
    next: 'a1'.repeat(32),
    ...more,
  })
  const forgeries: [string, (root: string) => unknown][] = [
    ['half a file', () => '{"state":"begun","changes":[{"path":"secrets/passw'],
    ['nothing', () => ''],
    ['null', () => null],
    ['a list', () => []],
    ['no changes', () => ({ state: 'begun' })],
    ['an empty list of changes', () => ({ state: 'begun', changes: [] })],
    ['another state', (root) => ({ state: 'done', changes: [change(root, {})] })],
    ...['', '\n', ' ', null, undefined, 7, 'short', 'A1'.repeat(32), `${'a1'.repeat(32)}\n`].map(
      (next): [string, (root: string) => unknown] => [
        `the new content ${JSON.stringify(next)}`,
        (root) => ({ state: 'begun', changes: [change(root, { next })] }),
      ],
    ),
    ...['', null, undefined, 'of another time'].map((old): [string, (root: string) => unknown] => [
      `the old content ${JSON.stringify(old)}`,
      (root) => ({ state: 'begun', changes: [change(root, { old })] }),
    ]),
    [
      'one secret twice',
      (root) => ({ state: 'begun', changes: [change(root, {}), change(root, {})] }),
    ],
    [
      'a text for a key',
      (root) => ({
        state: 'begun',
        changes: [change(root, { path: 'secrets/tls-key', old: 'x', next: 'x' })],
      }),
    ],
  ]
  it.each(forgeries)('%s: no secret is written, and the journal is named', async (_, forge) => {
    const { root, read, rotate } = await created()
    const before = ['password', 'tls-key', 'tls-cert'].map(read)
    const content = forge(root)
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    writeFileSync(journalOf(root), text, { mode: 0o400 })
    const refusal = rotate(['password'])
    await expect(refusal).rejects.toThrow('.erlmcp-rotation')
    await expect(refusal).rejects.not.toThrow(before[0]!)
    expect(['password', 'tls-key', 'tls-cert'].map(read)).toEqual(before)
  })

  it('one that other users may write, a pipe or a folder is not read', async () => {
    const { root, read, rotate } = await created()
    const old = read('password')
    const text = JSON.stringify({ state: 'begun', changes: [change(root, {})] })
    writeFileSync(journalOf(root), text, { mode: 0o600 })
    chmodSync(journalOf(root), 0o622)
    await expect(rotate(['password'])).rejects.toThrow('other users may read or write it')
    rmSync(journalOf(root))
    expect(spawnSync('mkfifo', [journalOf(root)]).status).toBe(0)
    await expect(rotate(['password'])).rejects.toThrow(
      'expected a regular file, got a device, pipe or socket',
    )
    rmSync(journalOf(root))
    mkdirSync(journalOf(root))
    await expect(finishRotation(root, all, { stopped })).rejects.toThrow(
      'expected a regular file, got a directory',
    )
    expect(read('password')).toBe(old)
  })
})

describe('what encrypts at rest', () => {
  const key = { ...random('secrets/backup-key', []), atRest: true }
  const both = [...all, key]

  it('keeps the contents that it had, the newest first, also when the rotation is done', async () => {
    const { root, read } = await created()
    expect((await initSecrets(root, both)).ok).toBe(true)
    const had: string[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      had.unshift(read('backup-key'))
      const { rotated } = await rotateSecrets(root, both, { which: 'all', stopped })
      expect(rotated.map(({ path }) => path)).toContain('secrets/backup-key')
      await finishRotation(root, both, { stopped })
    }
    expect(read('backup-key.previous')).toBe(`${had.join('\n')}\n`)
    expect(mode(join(root, 'secrets/backup-key.previous'))).toBe('400')
    expect(had).not.toContain(read('backup-key'))
    expect((await checkSecrets(root, both)).ok).toBe(true)
  })

  it('needs no server that runs', async () => {
    const { root } = await created()
    await initSecrets(root, both)
    const asked = await rotateSecrets(root, both, { which: ['backup-key'], stopped })
    expect(asked).toMatchObject({
      open: false,
      rotated: [{ message: expect.stringContaining('kept in secrets/backup-key.previous') }],
    })
  })
})

it('`--done` leaves no old content, whatever a killed run left', async () => {
  const { root, read, rotate } = await created()
  const old = read('password')
  const left = join(root, 'secrets/.erlmcp-rotation-0123456789abcdef.unfinished')
  writeFileSync(left, old, { mode: 0o400 })
  expect(await finishRotation(root, all, { stopped })).toBe(false)
  expect(existsSync(left)).toBe(false)
  await rotate(['password'])
  writeFileSync(left, old, { mode: 0o400 })
  expect(await finishRotation(root, all, { stopped })).toBe(true)
  const names = readdirSync(join(root, 'secrets'))
  const contents = names.map((name) => readFileSync(join(root, 'secrets', name), 'utf8'))
  expect(contents.join()).not.toContain(old)
})

describe('a certificate', () => {
  it('is reissued with the same key, or with a new one', async () => {
    const { root, read, rotate, certificate } = await created()
    const [key, serial] = [read('tls-key'), certificate('tls-cert').serialNumber]
    expect(await rotate(['tls-cert'])).toMatchObject({ open: false })
    expect(read('tls-key')).toBe(key)
    expect(certificate('tls-cert').serialNumber).not.toBe(serial)
    await rotate(['tls-key'])
    expect(read('tls-key')).not.toBe(key)
    expect(certificate('tls-cert').checkPrivateKey(createPrivateKey(read('tls-key')))).toBe(true)
    expect((await checkSecrets(root, all)).ok).toBe(true)
  })

  it('is chosen when it ends soon', async () => {
    const { rotate, certificate } = await created()
    expect((await rotate('expiring')).rotated).toEqual([])
    const { serialNumber } = certificate('tls-cert')
    const { rotated } = await rotate('expiring', { within: 900 })
    expect(rotated.map(({ path }) => path)).toEqual(['secrets/tls-cert'])
    expect(certificate('tls-cert').serialNumber).not.toBe(serialNumber)
  })

  it('of an authority changes in three steps, each of which is a good state', async () => {
    const { root, read, rotate, certificate } = await created()
    const old = certificate('tls-ca')
    const paths = async () => {
      const { rotated } = await rotate(['tls-ca'])
      expect(await checkSecrets(root, all)).toMatchObject({ ok: true })
      expect((await initSecrets(root, all)).ok).toBe(true)
      return rotated.map(({ path }) => path)
    }
    expect(await paths()).toEqual(['secrets/tls-ca', 'secrets/tls-ca-key'])
    expect(certificate('tls-cert').verify(old.publicKey)).toBe(true)
    expect((await listCertificates(root, all)).certificates.map(({ path }) => path)).toEqual([
      'secrets/tls-ca',
      'secrets/tls-ca',
      'secrets/tls-cert',
    ])
    expect(await paths()).toEqual(['secrets/tls-cert'])
    expect(certificate('tls-cert').verify(old.publicKey)).toBe(false)
    expect(await paths()).toEqual(['secrets/tls-ca'])
    expect(read('tls-ca').match(/BEGIN/g)).toHaveLength(1)
    expect(certificate('tls-cert').verify(certificate('tls-ca').publicKey)).toBe(true)
  })

  it('leaves authorities alone when all the rest is asked for', async () => {
    const { rotate } = await created()
    const { rotated } = await rotate('all')
    expect(rotated.map(({ path }) => path)).toEqual(['secrets/password', 'secrets/tls-cert'])
  })
})

it('names what it does not know, has not, or may not change', async () => {
  const { root, rotate } = await created()
  await expect(rotate(['pasword'])).rejects.toThrow('Did you mean password?')
  const more = [...all, random('secrets/other')]
  await expect(rotateSecrets(root, more, { which: ['other'], stopped })).rejects.toThrow(
    'cannot rotate secrets/other: missing',
  )
  const unknown = leaf('certificate', ['elsewhere'])
  await expect(rotateSecrets(root, [unknown], { which: ['tls-cert'], stopped })).rejects.toThrow(
    /needs its key|key/,
  )
})

describe('without an engine', () => {
  const path = process.env.PATH
  beforeAll(() => {
    process.env.PATH = '/nowhere'
  })
  afterAll(() => {
    process.env.PATH = path
  })

  it('a password is not touched, as a server may keep the old one', async () => {
    const { read, rotate } = await created()
    const old = read('password')
    await expect(rotate(['password'], { stopped: false })).rejects.toMatchObject({
      kind: 'environment',
      hint: expect.stringContaining('--stopped'),
    })
    expect(read('password')).toBe(old)
  })

  it('a certificate is written all the same', async () => {
    const { rotate } = await created()
    expect((await rotate(['tls-cert'], { stopped: false })).rotated).toHaveLength(1)
  })
})
