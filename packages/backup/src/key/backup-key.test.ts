import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { stack, synthesize } from '@erlmcp/core'
import { initSecrets } from '@erlmcp/secrets/run'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBackup } from '../create-backup.ts'
import { seal } from '../set/encryption.ts'
import { backupKey } from './backup-key.ts'
import { readKey, validateKeyStrength } from './read-key.ts'
import { readSmall } from './read-small.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const good = randomBytes(32).toString('hex')
const keyOf = (content: string | Buffer) => {
  const file = join(folder, 'backup-key')
  writeFileSync(file, content)
  return readKey(file)
}

describe('the key of backups', () => {
  test('is what `secrets init` makes of its source', async () => {
    const { secrets } = synthesize(stack('shop', [backupKey()]))
    await initSecrets(folder, secrets)
    const file = join(folder, 'secrets/backup-key')
    expect(await readKey(file)).toEqual({
      file,
      passphrase: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test.each(['', '\n', '\r\n', '\n\n'])('is the same with %j at its end', async (end) => {
    expect(await keyOf(`${good}${end}`)).toMatchObject({ passphrase: good })
  })

  test('may be words of the user', async () => {
    const own = 'nine cliffs über 7 Öfen, and no more'
    expect(await keyOf(`${own}\n`)).toMatchObject({ passphrase: own })
  })

  test('may come through a pipe', async () => {
    const file = join(folder, 'pipe')
    expect(spawnSync('mkfifo', [file]).status).toBe(0)
    const [key] = await Promise.all([readKey(file), writeFile(file, `${good}\n`)])
    expect(key).toEqual({ file, passphrase: good })
  })
})

describe('a key of words', () => {
  const words = 'correct horse battery staple'
  test('seals nothing, though it opens what it sealed', async () => {
    const key = await keyOf(words)
    expect(() => validateKeyStrength(key)).toThrow('too weak: words with about')
    expect(() => validateKeyStrength(key)).not.toThrow(words)
    const deployment = { root: folder, file: 'compose.yaml' }
    await expect(createBackup(deployment, { key })).rejects.toThrow('invalid backup key')
  })

  test('is found at synth, with its place in the stack', () => {
    mkdirSync(join(folder, 'secrets'), { mode: 0o700 })
    const found = (content: string) => {
      writeFileSync(join(folder, 'secrets/backup-key'), content)
      return synthesize(stack('shop', [backupKey()]), { root: folder }).diagnostics
    }
    expect(found(words)).toMatchObject([{ rule: 'backup/key-weak', line: expect.any(Number) }])
    expect(JSON.stringify(found(words))).not.toContain(words)
    expect(found(good)).toEqual([])
  })

  test('of enough words seals with the work of scrypt that age takes', async () => {
    const enough = 'amber bottle cactus dinner ember fiddle garlic hammer igloo jungle'
    const head = async (passphrase: string) => {
      const sealed = await seal(Readable.from([Buffer.from('x')]), { file: 'key', passphrase })
      return (await buffer(sealed)).toString('latin1').split('\n')[1]
    }
    expect(() => validateKeyStrength({ file: 'key', passphrase: enough })).not.toThrow()
    expect(await head(enough)).toMatch(/^-> scrypt \S+ 18$/)
    expect(await head(good)).toMatch(/^-> scrypt \S+ 10$/)
  })
})

test('a pipe without a writer, and a device, do not hang', async () => {
  const file = join(folder, 'pipe')
  spawnSync('mkfifo', [file])
  await expect(readSmall(file, 100, 0.2)).rejects.toThrow('no data in the pipe')
  await expect(readKey('/dev/zero')).rejects.toThrow(
    'expected a regular file or a pipe, got a device',
  )
})

describe('an invalid key is rejected, and named', () => {
  test.each<[string, string | Buffer, string]>([
    ['nothing', '', 'invalid backup key: empty'],
    ['empty lines', '\n\n', 'invalid backup key: empty'],
    ['a password', 'hunter2\n', 'too weak: at most 36 bits'],
    ['many digits that are few', '0'.repeat(64), 'only 1 different characters'],
    ['a part again and again', 'correct horse '.repeat(8), 'one part repeated'],
    ['two keys', `${good}\n${good}\n`, 'more than one line'],
    ['two keys of an old Mac', `${good}\r${good}`, 'more than one line'],
    ['bytes', Buffer.concat([randomBytes(32), Buffer.from([0xff])]), 'not UTF-8'],
    ['a dump', 'x1'.repeat(4000), 'more than 4096 bytes'],
  ])('%s', async (_, content, words) => {
    const message = `${join(folder, 'backup-key')}: invalid backup key: `
    const refusal = keyOf(content)
    await expect(refusal).rejects.toThrow(words)
    await expect(refusal).rejects.toMatchObject({
      summary: expect.stringContaining(message),
      hint: expect.stringContaining('erlmcp secrets init'),
    })
    // Its content is in no words.
    const shown = String(content).slice(0, 16)
    if (shown.trim() !== '') await expect(refusal).rejects.not.toThrow(shown)
  })

  test.each([
    ['that is not there', 'ENOENT', () => {}],
    [
      'that is a folder',
      'expected a regular file or a pipe, got a directory',
      (file: string) => void mkdirSync(file),
    ],
  ])('one %s', async (_, reason, make) => {
    const file = join(folder, 'other')
    make(file)
    await expect(readKey(file)).rejects.toMatchObject({
      summary: `cannot read the key ${file}: ${reason}`,
      kind: 'environment',
    })
  })
})
