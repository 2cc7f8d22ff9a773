import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BackupKey } from '../key/read-key.ts'
import { sample } from '../testing/manifest.ts'
import { createSet, openSet } from './backup-set.ts'
import { listBackups } from './list-backups.ts'
import { verifyBackup } from './verify-backup.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'erlmcp-set-')), 'backups')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const key: BackupKey = { file: 'secrets/backup-key', passphrase: randomBytes(32).toString('hex') }
const taken = new Date('2026-11-27T04:15:00.123Z')
const mode = (path: string) => statSync(path).mode & 0o777
const content = (of: string) => Readable.from([Buffer.from(of)])

describe('a set', () => {
  test.each([
    ['plain', undefined],
    ['encrypted', key],
  ])('that is %s is read as it was written', async (_, by) => {
    const manifest = { ...sample, encrypted: by !== undefined }
    const set = await createSet(folder, 'shop', taken, by)
    const part = await set.part('files.tar.gz', content('the files'))
    expect(await text(await set.read(part))).toBe('the files')
    await set.finish(manifest)
    expect(basename(set.path)).toBe('shop-20261127T041500Z')
    const opened = await openSet(set.path, by)
    expect(opened.manifest).toEqual(manifest)
    expect(await text(await opened.read(part))).toBe('the files')
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'shop-20261127T041500Z'])
    expect([folder, set.path].map(mode)).toEqual([0o700, 0o700])
    for (const name of readdirSync(set.path)) expect(mode(join(set.path, name))).toBe(0o600)
  })

  test('has its name only when it is whole, and goes without a trace', async () => {
    const set = await createSet(folder, 'shop', taken)
    await set.part('a', content('x'))
    expect(existsSync(set.path)).toBe(false)
    await set.discard()
    expect(readdirSync(folder)).toEqual(['.gitignore'])
  })

  test('tells it when what a part is made of fails', async () => {
    const set = await createSet(folder, 'shop', taken, key)
    const failing = Readable.from(
      (async function* () {
        yield Buffer.alloc(100_000)
        throw new Error('the server is gone')
      })(),
    )
    await expect(set.part('a.gz', failing)).rejects.toThrow('the server is gone')
  })

  test('is never written over another', async () => {
    const first = await createSet(folder, 'shop', taken)
    await first.finish(sample)
    const second = await createSet(folder, 'shop', taken)
    await expect(second.finish(sample)).rejects.toThrow(`${first.path} exists`)
  })

  test('that could not be read again is not written', async () => {
    const set = await createSet(folder, 'shop', taken)
    const refusal = set.finish({ ...sample, tools: '--rm' })
    await expect(refusal).rejects.toThrow('tools: expected the name of an image, got "--rm"')
    expect(existsSync(set.path)).toBe(false)
  })
})

describe('the name of a part', () => {
  test('is one file of the set that a manifest may name, whatever it is of', async () => {
    const set = await createSet(folder, 'shop', taken)
    const strange = fc.constantFrom('../../x', '/etc/passwd', 'a\nb', 'a\0b', '.', '..', `ü"'$`)
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), strange)
    const made: string[] = []
    await fc.assert(
      fc.asyncProperty(name, fc.constantFrom('.dump', '.tar.gz'), async (one, end) => {
        const { file } = await set.part(`${one}${end}`, content(one))
        expect(file).toMatch(/^\d+-[\w.-]{1,100}$/)
        expect(file.endsWith(end)).toBe(true)
        made.push(file)
      }),
    )
    expect(new Set(made).size).toBe(made.length)
    await set.finish(sample)
    const others = ['manifest.json', 'manifest.json.sha256']
    expect(readdirSync(set.path).sort()).toEqual([...made, ...others].sort())
  })
})

describe('the folder of sets', () => {
  test('is refused when others can read it', async () => {
    mkdirSync(folder, { mode: 0o750 })
    chmodSync(folder, 0o750)
    await expect(createSet(folder, 'shop', taken)).rejects.toThrow(
      /is open to other users.*\n.*chmod/,
    )
  })

  test('is refused when it is a file, or its name can be none', async () => {
    writeFileSync(folder, '')
    await expect(createSet(folder, 'shop', taken)).rejects.toThrow(
      `${folder}: expected a directory`,
    )
    await expect(createSet(join(folder, 'in'), 'shop', taken)).rejects.toThrow(
      'expected a folder, got a file',
    )
    const long = join(folder, '..', 'sets')
    await expect(createSet(long, 'x'.repeat(300), taken)).rejects.toThrow('the name is too long')
  })

  test('loses what killed runs of the same project left, and nothing else', async () => {
    const [killed, longer, shorter] = [
      await createSet(folder, 'shop', taken),
      await createSet(folder, 'shop-test', taken),
      await createSet(folder, 'sho', taken),
    ]
    await createSet(folder, 'shop', new Date('2026-11-28T04:15:00Z'))
    await expect(killed.finish(sample)).rejects.toThrow()
    await longer.finish({ ...sample, project: 'shop-test' })
    await shorter.finish({ ...sample, project: 'sho' })
    expect(await listBackups(folder)).toMatchObject([{ project: 'sho' }, { project: 'shop-test' }])
  })
})

describe('anything but an intact set is rejected', () => {
  const one = async (by?: BackupKey, project = 'shop') => {
    const set = await createSet(folder, project, taken, by)
    await set.finish({ ...sample, encrypted: by !== undefined })
    return set.path
  }

  test('a folder without a manifest, and none', async () => {
    await expect(openSet(folder)).rejects.toThrow('expected a backup, found no manifest.json')
    const path = await one()
    rmSync(join(path, 'manifest.json'))
    await expect(openSet(path)).rejects.toThrow('expected a backup, found no manifest.json')
  })

  test('one that cannot be read', async () => {
    const path = await one()
    rmSync(join(path, 'manifest.json'))
    mkdirSync(join(path, 'manifest.json'))
    await expect(openSet(path)).rejects.toThrow('manifest.json cannot be read')
  })

  test('one that the key did not seal, in the place of one that it did', async () => {
    const path = await one()
    await expect(openSet(path, key)).rejects.toThrow(/is not encrypted, so the key .* cannot prove/)
    expect(await verifyBackup(path, { key })).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('is not encrypted')],
    })
    const sealed = await one(key, 'other')
    // Also where the sealed manifest is taken away.
    rmSync(join(sealed, 'manifest.json.age'))
    copyFileSync(join(path, 'manifest.json'), join(sealed, 'manifest.json'))
    await expect(openSet(sealed, key)).rejects.toThrow('is not encrypted')
  })

  test('is opened by a key that was replaced since', async () => {
    const path = await one(key)
    const rotated = { ...key, passphrase: randomBytes(32).toString('hex') }
    await expect(openSet(path, rotated)).rejects.toThrow('cannot be decrypted with the key')
    const previous = [randomBytes(32).toString('hex'), key.passphrase]
    expect((await openSet(path, { ...rotated, previous })).manifest.encrypted).toBe(true)
  })

  const kinds: [string, (file: string) => void][] = [
    ['a pipe', (file) => void spawnSync('mkfifo', [file])],
    ['a device', (file) => symlinkSync('/dev/zero', file)],
    ['a folder', (file) => void mkdirSync(file)],
    ['a link to nothing', (file) => symlinkSync('nowhere', file)],
  ]
  test.each(kinds)(
    '%s in the place of any file of it is named, and nothing hangs',
    async (_, make) => {
      for (const by of [undefined, key]) {
        const name = `of-${by ? 'sealed' : 'plain'}`
        const set = await createSet(folder, name, taken, by)
        const part = await set.part('files.tar.gz', content('the files'))
        const other = await set.part('db.dump', content('the rows'))
        const [volume] = sample.volumes
        await set.finish({
          ...{ ...sample, encrypted: by !== undefined, postgres: [], redis: [] },
          volumes: [
            { ...volume!, archive: part },
            { ...volume!, volume: 'more', archive: other },
          ],
        })
        for (const file of readdirSync(set.path)) {
          const whole = readFileSync(join(set.path, file))
          rmSync(join(set.path, file))
          make(join(set.path, file))
          const answer = await verifyBackup(set.path, by && { key: by }).catch((error) => error)
          if (answer instanceof Error) expect(answer.message).toMatch(/no manifest|is encrypted/)
          else
            expect(answer.problems.join('\n')).toMatch(
              new RegExp(`^${file} (cannot be read|is missing)`, 'm'),
            )
          rmSync(join(set.path, file), { recursive: true })
          writeFileSync(join(set.path, file), whole)
        }
      }
    },
  )

  test('an encrypted one without its key, or with another', async () => {
    const path = await one(key)
    await expect(openSet(path)).rejects.toThrow(/is encrypted\n.*--key/)
    const other = { ...key, passphrase: randomBytes(32).toString('hex') }
    await expect(openSet(path, other)).rejects.toThrow(
      'cannot be decrypted with the key in secrets/backup',
    )
  })

  test('one whose manifest or hash has another byte anywhere', async () => {
    const path = await one()
    for (const name of ['manifest.json', 'manifest.json.sha256']) {
      const file = join(path, name)
      const whole = readFileSync(file)
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (at, bit) => {
          const bad = Buffer.from(whole)
          bad[at]! ^= 1 << bit
          writeFileSync(file, bad)
          await expect(openSet(path)).rejects.toThrow('manifest.json was modified')
        }),
      )
      writeFileSync(file, whole)
    }
    expect((await openSet(path)).manifest).toEqual(sample)
  })
})
