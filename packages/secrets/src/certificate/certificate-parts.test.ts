import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { initSecrets } from '../init-secrets.ts'
import { authority, leaf, me, problem, project, status, tls } from '../testing/secrets.ts'
import { parseCertificate, parsePrivateKey } from './certificate.ts'

describe('certificates and their keys', () => {
  const all = tls.map((secret) => ({ ...secret, readers: [me] }))
  const read = (root: string, name: string) => readFileSync(join(root, 'secrets', name), 'utf8')
  const remove = (root: string, name: string) => rmSync(join(root, 'secrets', name))

  function agree(root: string): boolean {
    const ca = parseCertificate(read(root, 'tls-ca'))!
    const cert = parseCertificate(read(root, 'tls-cert'))!
    return (
      ca.checkPrivateKey(parsePrivateKey(read(root, 'tls-ca-key'))!) &&
      cert.checkPrivateKey(parsePrivateKey(read(root, 'tls-key'))!) &&
      cert.verify(ca.publicKey) &&
      cert.checkIssued(ca)
    )
  }

  test('are made together, whatever their order', async () => {
    const root = project()
    const report = await initSecrets(root, all)
    expect(report.secrets.map(({ path }) => path)).toEqual(all.map(({ path }) => path))
    expect(agree(root)).toBe(true)
  })

  test.each(['tls-cert', 'tls-ca'])('%s is made again from its key', async (name) => {
    const root = project()
    await initSecrets(root, all)
    const kept = ['tls-key', 'tls-ca-key'].map((key) => read(root, key))
    remove(root, name)
    expect(status(await initSecrets(root, all))).toMatchObject({ [`secrets/${name}`]: 'created' })
    expect(['tls-key', 'tls-ca-key'].map((key) => read(root, key))).toEqual(kept)
    expect(agree(root)).toBe(true)
  })

  test('a key is not made again beside its certificate', async () => {
    const root = project()
    await initSecrets(root, all)
    remove(root, 'tls-key')
    expect(await problem(root, all)).toMatchObject({
      path: 'secrets/tls-key',
      message: 'missing, although its certificate secrets/tls-cert exists',
    })
    expect(existsSync(join(root, 'secrets/tls-key'))).toBe(false)
  })

  test('a certificate of another key is a problem', async () => {
    const [root, other] = [project(), project()]
    await initSecrets(root, all)
    await initSecrets(other, all)
    remove(root, 'tls-key')
    writeFileSync(join(root, 'secrets/tls-key'), read(other, 'tls-key'), { mode: 0o400 })
    expect(await problem(root, all)).toMatchObject({
      path: 'secrets/tls-cert',
      message: expect.stringContaining('does not fit the key'),
    })
  })

  test('a certificate of another authority is a problem', async () => {
    const root = project()
    await initSecrets(root, all)
    for (const name of ['tls-ca', 'tls-ca-key']) remove(root, name)
    expect(await problem(root, all)).toMatchObject({
      path: 'secrets/tls-cert',
      message: 'not signed by the authority secrets/tls-ca',
    })
  })

  test('a certificate that lacks a name of the stack is a problem', async () => {
    const root = project()
    await initSecrets(root, all)
    const more = ['localhost', 'app', 'app.internal']
    const secrets = [
      ...all.slice(1, 2),
      ...all.slice(3),
      ...(['certificate', 'key'] as const).map((part) => ({ ...leaf(part, more), readers: [me] })),
    ]
    expect(await problem(root, secrets)).toMatchObject({
      message: 'certificate does not cover the name app.internal of the stack',
    })
    remove(root, 'tls-cert')
    expect((await initSecrets(root, secrets)).ok).toBe(true)
  })

  test('an invalid key is named, not shown', async () => {
    const root = project()
    mkdirSync(join(root, 'secrets'), { mode: 0o700 })
    writeFileSync(join(root, 'secrets/tls-key'), 'swordfish', { mode: 0o400 })
    const found = await problem(root, all)
    expect(found.message).toContain('secrets/tls-key: expected an EC or RSA private key')
    expect(JSON.stringify(found)).not.toContain('swordfish')
  })

  test('an authority that has expired signs nothing', async () => {
    const root = project()
    await initSecrets(root, all, { now: new Date('2010-01-01') })
    remove(root, 'tls-cert')
    expect(await problem(root, all)).toMatchObject({
      message: 'the authority secrets/tls-ca has expired',
    })
  })

  test('a part that the stack lacks is named', async () => {
    expect(await problem(project(), [authority('certificate')])).toMatchObject({
      message: expect.stringContaining('the stack lacks a part'),
    })
    const report = await initSecrets(project(), [leaf('certificate'), leaf('key')])
    expect(status(report)).toEqual({ 'secrets/tls-cert': 'problem', 'secrets/tls-key': 'created' })
  })
})
