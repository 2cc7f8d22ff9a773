import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initSecrets } from '../init-secrets.ts'
import { findWeakness } from '../password/password-strength.ts'
import { leaf, project, random, reader, tls } from '../testing/secrets.ts'
import { checkSecrets } from './check-secrets.ts'
import { listCertificates } from './list-certificates.ts'

const all = [random('secrets/password', [reader]), ...tls]
const day = 86_400_000

async function created() {
  const root = project()
  expect((await initSecrets(root, all)).ok).toBe(true)
  return root
}
const put = (root: string, name: string, text: string) => {
  const file = join(root, 'secrets', name)
  const { mode } = statSync(file)
  chmodSync(file, 0o600)
  writeFileSync(file, text)
  chmodSync(file, mode)
}
async function violation(root: string, secrets = all, options = {}) {
  const report = await checkSecrets(root, secrets, options)
  expect(report.ok).toBe(false)
  const found = report.secrets.filter((one) => one.status === 'problem')
  expect(JSON.stringify(report)).not.toContain('changeme')
  return found.map(({ path, message }) => `${path}: ${message}`)
}

describe('checkSecrets', () => {
  it('finds nothing in what was just made, and says how long certificates last', async () => {
    const report = await checkSecrets(await created(), all)
    expect(report.ok).toBe(true)
    const certificate = report.secrets.find(({ path }) => path === 'secrets/tls-cert')
    expect(certificate?.certificates).toMatchObject([
      { kind: 'leaf', name: 'erlmcp', names: ['localhost', 'app'], days: 824 },
    ])
  })

  it('makes and changes nothing', async () => {
    const root = project()
    expect(await violation(root)).toHaveLength(all.length)
    expect(existsSync(join(root, 'secrets'))).toBe(false)
  })

  it('finds what others of the host could read', async () => {
    const root = await created()
    chmodSync(join(root, 'secrets'), 0o755)
    expect(await violation(root, [all[0]!])).toEqual([
      'secrets/password: directory is open to other users (mode 0755)',
    ])
    chmodSync(join(root, 'secrets'), 0o700)
    chmodSync(join(root, 'secrets/password'), 0o666)
    expect((await violation(root, [all[0]!]))[0]).toContain('allows more than')
  })

  it('finds a password that a user chose', async () => {
    const root = await created()
    put(root, 'password', 'changeme')
    expect(await violation(root)).toEqual([
      'secrets/password: too weak: at most 37 bits, expected at least 128',
    ])
  })

  it('finds a certificate that ends soon, has ended, or does not begin yet', async () => {
    const root = await created()
    const at = (days: number) => ({ now: new Date(Date.now() + days * day) })
    const [one] = await violation(root, all, at(800))
    expect(one).toBe('secrets/tls-cert: expires in 24 days')
    expect((await checkSecrets(root, all, { ...at(800), within: 14 })).ok).toBe(true)
    expect((await violation(root, all, at(830)))[0]).toBe('secrets/tls-cert: expired 6 days ago')
    for (const text of await violation(root, all, at(-9)))
      expect(text).toContain('not valid before')
  })

  it('finds a certificate for other names, of another authority, or beside another key', async () => {
    const root = await created()
    const other = await created()
    const renamed = all.map((one) =>
      one.path === 'secrets/tls-cert' ? leaf('certificate', ['elsewhere']) : one,
    )
    expect((await violation(root, renamed)).join()).toContain('does not cover the name elsewhere')
    put(root, 'tls-cert', readFileSync(join(other, 'secrets/tls-cert'), 'utf8'))
    expect((await violation(root)).join()).toContain('does not fit the key')
    put(root, 'tls-key', readFileSync(join(other, 'secrets/tls-key'), 'utf8'))
    expect((await violation(root)).join()).toContain('not signed by the authority secrets/tls-ca')
  })
})

it('lists certificates, authorities first', async () => {
  const { certificates, problems } = await listCertificates(await created(), all)
  expect(problems).toEqual([])
  expect(certificates).toMatchObject([
    { path: 'secrets/tls-ca', kind: 'authority', issuer: 'erlmcp authority', days: 3649 },
    { path: 'secrets/tls-cert', kind: 'leaf', issuer: 'erlmcp authority' },
  ])
  expect(certificates[1]!.serial).toMatch(/^[0-9a-f]{32}$/)
})

describe('strength', () => {
  it('is enough in all that is made', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        // 16 to 64 bytes of a good source; the property draws weak arrays too, which are skipped.
        fc.pre(new Set(bytes).size > 24)
        const good = Buffer.from(bytes)
        for (const encoding of ['hex', 'base64url'] as const) {
          expect(findWeakness(good.toString(encoding))).toBeUndefined()
        }
      }),
    )
  })

  it.each([
    ['', /at most 0 bits/],
    ['correct horse battery', /at most 126 bits/],
    ['changemechangemechangemechangeme', /7 different characters/],
    ['0123456789abcdef0123456789abcdef', /one part repeated/],
    ['1'.repeat(64), /1 different characters/],
  ])('%j is too weak', (text, words) => {
    expect(findWeakness(`${text}\n`)).toMatch(words)
  })
})
