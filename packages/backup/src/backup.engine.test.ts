import { randomBytes, randomInt } from 'node:crypto'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ComposeProject,
  composeProject,
  describeEngine,
  ensureImages,
  must,
} from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createBackup } from './create-backup.ts'
import { readKey } from './key/read-key.ts'
import { rehearseBackup } from './restore/rehearse-backup.ts'
import { restoreBackup } from './restore/restore-backup.ts'
import { listBackups } from './set/list-backups.ts'
import { verifyBackup } from './set/verify-backup.ts'
import { fill, forget, type Shop, shop } from './testing/deployment.ts'
import { copyOf, spoilt } from './testing/sets.ts'

/** Damages of a file; two of them at a random place. */
const spoils = (content: Buffer): Record<string, (content: Buffer) => Buffer | undefined> => ({
  'is missing': () => undefined,
  'is empty': (all) => all.subarray(0, 0),
  'lacks its last byte': (all) => all.subarray(0, -1),
  'is cut': (all) => all.subarray(0, randomInt(all.length)),
  'is cut elsewhere': (all) => all.subarray(0, randomInt(all.length)),
  'has a byte more': (all) => Buffer.concat([all, Buffer.from('x')]),
  'has another byte': (all) => flipped(all, randomInt(content.length)),
  'has another byte elsewhere': (all) => flipped(all, randomInt(content.length)),
  'has another last byte': (all) => flipped(all, content.length - 1),
})

function flipped(content: Buffer, at: number): Buffer {
  content[at]! ^= 1 << randomInt(8)
  return content
}

describeEngine('a deployment with rows, keys and files of all kinds', () => {
  let at: Shop<ComposeProject>
  let before: Awaited<ReturnType<Shop['all']>>
  let plain: string
  afterAll(() => forget(at.directory))

  beforeAll(async () => {
    await ensureImages(['postgres:17-trixie', 'redis:8-trixie'])
    at = await shop({ composeProject, must })
    await at.project.up({ wait: true })
    await fill(at)
    before = await at.all()
  })

  const noRemains = async () => {
    expect(await at.sql("SELECT datname FROM pg_database WHERE datname ~ '^erlmcp_'")).toBe('')
    expect(await at.inFiles('ls -A | grep -c erlmcp-restore || true')).toBe('0\n')
    expect(readdirSync(join(at.directory, '.erlmcp'))).toEqual([])
  }

  it('is saved as one set that only its owner can read', async () => {
    const { path, manifest, paused } = await createBackup(at.deployment)
    plain = path
    expect(manifest).toMatchObject({
      project: at.project.name,
      encrypted: false,
      postgres: [
        { databases: [{ name: 'postgres' }, { name: 'shop' }, { name: `two "words'=1` }] },
      ],
      redis: [{ service: 'cache', keys: { db5: 100 } }],
      volumes: [{ volume: 'files' }],
      omitted: [
        { item: 'reports', reason: 'missing: its profile was never started' },
        { item: 'scratch', reason: 'it is made again' },
      ],
    })
    const rows = manifest.postgres[0]!.databases[1]!.tables.map((one) => [one.table, one.rows])
    expect(Object.fromEntries(rows)).toMatchObject({ 'sales.item': 4003, 'public.fast': 300 })
    // The one that writes to the volume was held still for it, and goes on.
    expect(paused.containers).toEqual([expect.stringMatching(/-app-1$/)])
    expect((await at.project.ps()).map(({ State }) => State)).toEqual(Array(3).fill('running'))
    expect(statSync(join(at.directory, 'backups')).mode & 0o777).toBe(0o700)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(path))
      expect(statSync(join(path, file)).mode & 0o777).toBe(0o600)
    // Git takes none of it.
    expect(readdirSync(join(at.directory, 'backups'))).toContain('.gitignore')
    await must(['sha256sum', '--check', '--quiet', 'manifest.json.sha256'], { cwd: path })
    expect(await listBackups(join(at.directory, 'backups'))).toMatchObject([
      { path, project: at.project.name, encrypted: false },
    ])
  })

  it('comes back after its volumes were destroyed: every row, key and file', async () => {
    expect(await rehearseBackup(plain)).toMatchObject({ ok: true })
    await at.project.down()
    await at.project.up({ wait: true })
    expect(await at.sql('SELECT count(*) FROM pg_tables WHERE schemaname = $$sales$$')).toBe('0\n')
    const report = await restoreBackup(at.deployment, plain)
    expect(report).toEqual({ status: 'restored', replaced: [] })
    expect(await at.all()).toEqual(before)
    await noRemains()
    expect((await at.project.ps()).map(({ State }) => State)).toEqual(Array(3).fill('running'))
    // A role that was missing comes with its own password.
    const login =
      'PGPASSWORD="a password of its own" psql -w -h 127.0.0.1 -U shop_app -d shop -c ""'
    expect(await at.project.exec('db', ['sh', '-c', login])).toMatchObject({ code: 0 })
    // Also when Redis starts again.
    await at.project.restart('cache')
    expect((await at.all()).keys).toBe(before.keys)
  })

  it('is not replaced unless confirmed', async () => {
    expect(await restoreBackup(at.deployment, plain)).toEqual({
      status: 'unconfirmed',
      replaces: ['the databases of db, with 6526 rows', 'the keys of cache', 'the files of files'],
    })
    expect(await at.all()).toEqual(before)
  })

  it('loses nothing to a set that was cut or changed, wherever that is', async () => {
    const copy = copyOf(plain)
    let refusal = 0
    for (const name of readdirSync(copy)) {
      const file = join(copy, name)
      for (const [fault, spoil] of Object.entries(spoils(Buffer.alloc(statSync(file).size)))) {
        await spoilt(file, spoil, async () => {
          // A folder without a manifest is not a set.
          const answer = await restoreBackup(at.deployment, copy, { replace: true }).catch(String)
          if (name === 'manifest.json' && fault === 'is missing') {
            expect(answer).toMatch(/expected a backup/)
          } else expect(answer, `${name} ${fault}`).toMatchObject({ status: 'refused' })
          refusal += 1
        })
      }
    }
    expect(refusal).toBe(readdirSync(copy).length * 9)
    expect(await verifyBackup(copy)).toMatchObject({ ok: true, problems: [] })
    expect(await at.all()).toEqual(before)
    await noRemains()
  })

  it('the same with an encrypted set, and with another key', async () => {
    const file = join(at.directory, 'backup-key')
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
    const key = await readKey(file)
    const { path } = await createBackup(at.deployment, { key, to: join(at.directory, 'sealed') })
    const names = readdirSync(path)
    expect(names.filter((name) => !name.endsWith('.age'))).toEqual(['manifest.json.sha256'])
    expect(await verifyBackup(path, { key })).toMatchObject({ ok: true })
    await expect(verifyBackup(path)).rejects.toThrow('is encrypted')
    const other = { ...key, passphrase: randomBytes(32).toString('hex') }
    const wrong = await restoreBackup(at.deployment, path, { key: other, replace: true })
    expect(wrong).toMatchObject({
      status: 'refused',
      problems: [/cannot be decrypted with the key/],
    })
    const copy = copyOf(path)
    for (const name of names) {
      const one = join(copy, name)
      for (const [fault, spoil] of Object.entries(spoils(Buffer.alloc(statSync(one).size)))) {
        if (name === 'manifest.json.age' && fault === 'is missing') continue
        await spoilt(one, spoil, async () => {
          const answer = await restoreBackup(at.deployment, copy, { key, replace: true })
          expect(answer, `${name} ${fault}`).toMatchObject({ status: 'refused' })
        })
      }
    }
    expect(await at.all()).toEqual(before)
    await at.sql('DROP TABLE sales.item CASCADE; CREATE TABLE newer ();')
    await at.lua("redis.call('flushall') return redis.call('set', 'newer', 1).ok")
    await at.inFiles('rm -rf deep .hidden; echo newer >newer')
    expect(await rehearseBackup(path, { key })).toMatchObject({ ok: true })
    const report = await restoreBackup(at.deployment, path, { key, replace: true })
    expect(report).toMatchObject({ status: 'restored', replaced: { length: 3 } })
    expect(await at.all()).toEqual(before)
    await noRemains()
  })
})
