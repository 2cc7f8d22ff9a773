import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BackupKey } from '../key/read-key.ts'
import { sample } from '../testing/manifest.ts'
import { copyOf, forge, rewritten, spoilt } from '../testing/sets.ts'
import { createSet } from './backup-set.ts'
import type { Manifest } from './manifest.ts'
import { discard } from './part.ts'
import { tarTap } from './tar-facts.ts'
import { verifyBackup } from './verify-backup.ts'

const key: BackupKey = { file: 'secrets/backup-key', passphrase: randomBytes(32).toString('hex') }

async function archiveOf(names: Readonly<Record<string, string>>): Promise<Buffer> {
  const packing = pack()
  for (const [name, content] of Object.entries(names)) packing.entry({ name }, content)
  packing.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of packing as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A set with the parts of a small deployment. */
async function made(folder: string, by?: BackupKey): Promise<string> {
  const set = await createSet(folder, 'shop', new Date('2026-11-27T04:15:00Z'), by)
  const archive = await archiveOf({ './a': randomBytes(2000).toString('hex'), './b/c': 'x' })
  const { tap, facts } = tarTap()
  await pipeline(Readable.from([archive]), tap, discard())
  const [server] = sample.postgres
  const [database] = server!.databases
  const bytes = (size: number) => Readable.from([randomBytes(size)])
  await set.finish({
    ...sample,
    encrypted: by !== undefined,
    postgres: [
      {
        ...server!,
        roles: await set.part('db-roles.sql', bytes(80)),
        databases: [
          {
            ...database!,
            definition: await set.part('db-shop.sql', bytes(90)),
            dump: await set.part('db-shop.dump', bytes(3000)),
          },
        ],
      },
    ],
    redis: [{ ...sample.redis[0]!, dump: await set.part('cache.rdb', bytes(500)) }],
    volumes: [
      {
        ...{ volume: 'files', ...facts() },
        archive: await set.part('files.tar.gz', Readable.from([archive])),
      },
    ],
  })
  return set.path
}

describe.each([
  ['a plain set', undefined],
  ['an encrypted set', key],
])('%s', (_, by) => {
  let folder: string
  let set: string
  const verify = (path: string) => verifyBackup(path, by && { key: by })
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'erlmcp-verify-'))
    set = await made(join(folder, 'backups'), by)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('is as it was written', async () => {
    expect(await verify(set)).toMatchObject({ ok: true, problems: [] })
  })

  test('is not, when one byte of a part was changed, is missing, or came after it', async () => {
    const parts = readdirSync(set).filter((name) => /^\d/.test(name))
    expect(parts).toHaveLength(5)
    const part = fc.constantFrom(...parts)
    await fc.assert(
      fc.asyncProperty(
        part,
        fc.nat(),
        fc.constantFrom('flip', 'cut', 'add'),
        async (name, n, damage) => {
          const spoil = (content: Buffer) => {
            const at = n % content.length
            if (damage === 'cut') return content.subarray(0, at)
            if (damage === 'add') return Buffer.concat([content, Buffer.from([n % 256])])
            content[at]! ^= 1 << (n % 8)
            return content
          }
          await spoilt(join(set, name), spoil, async () => {
            const { ok, problems } = await verify(set)
            expect([ok, problems]).toEqual([false, [expect.stringContaining(name)]])
          })
        },
      ),
    )
  })

  test('is not, when a part is missing', async () => {
    const name = readdirSync(set).find((one) => one.includes('.rdb'))!
    await spoilt(
      join(set, name),
      () => undefined,
      async () => {
        const problems = [`${name} is missing or unreadable`]
        expect(await verify(set)).toMatchObject({ ok: false, problems })
      },
    )
  })
})

describe('a set that agrees with itself', () => {
  let folder: string
  let set: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'erlmcp-verify-'))
    set = await made(join(folder, 'backups'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const withArchive = (content: Buffer, digest?: string) => {
    const copy = copyOf(set)
    forge(copy, (manifest: Manifest) => {
      const [volume] = manifest.volumes
      const archive = rewritten(copy, volume!.archive, content)
      return { ...manifest, volumes: [{ ...volume!, archive, ...(digest && { digest }) }] }
    })
    return verifyBackup(copy)
  }
  const problem = (words: string) => ({
    ok: false,
    problems: [expect.stringContaining(words)],
  })

  test('is refused for files that are not those it says', async () => {
    const other = gzipSync(await archiveOf({ './a': 'other' }))
    expect(await withArchive(other)).toMatchObject(problem('other files than were saved'))
  })

  test.each([{ '../a': 'x' }, { '/etc/cron.d/a': 'x' }, { './b/../../a': 'x' }])(
    'is refused for the file %j, whatever its digest',
    async (names) => {
      const digest = createHash('sha256').digest('hex')
      const archive = gzipSync(await archiveOf(names))
      const words = 'is outside of its directory'
      expect(await withArchive(archive, digest)).toMatchObject(problem(words))
    },
  )

  test('is rejected for an invalid or truncated archive', async () => {
    const archive = gzipSync(await archiveOf({ './a': 'x'.repeat(5000) }))
    expect(await withArchive(randomBytes(500))).toMatchObject(problem('5-files.tar.gz: '))
    expect(await withArchive(archive.subarray(0, -20))).toMatchObject(problem('5-files.tar.gz: '))
  })

  test('is rejected when its manifest is invalid', async () => {
    const copy = copyOf(set)
    forge(copy, () => ({ some: 'JSON' }) as unknown as Manifest)
    await expect(verifyBackup(copy)).rejects.toThrow('expected the manifest of a backup')
  })
})
