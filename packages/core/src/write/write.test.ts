import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { artifact } from '../artifact.ts'
import { emptyFolder, treeOf, treeOfArtifacts } from '../testing/tree.ts'
import { differences } from './drift.ts'
import { lock } from './lock.ts'
import { manifestPath } from './manifest.ts'
import { WriteConflict, write } from './write.ts'

const set = [artifact('Dockerfile', 'FROM a\n'), artifact('docker/bin/start', '#!/bin/sh\n', 0o755)]

const actions = ({ steps }: Awaited<ReturnType<typeof write>>) => {
  return steps.map(({ action, path }) => `${action} ${path}`)
}

describe('a write', () => {
  test('makes what is missing, with exact modes', async () => {
    const root = emptyFolder()
    const before = process.umask(0o077)
    const done = await write(root, set).finally(() => process.umask(before))
    expect(actions(done)).toEqual(['create Dockerfile', 'create docker/bin/start'])
    expect(treeOf(root)).toMatchObject(treeOfArtifacts(set))
  })

  test('does not touch what is as it should be', async () => {
    const root = emptyFolder()
    await write(root, set)
    const stamp = (path: string) => {
      const { ino, mtimeNs, ctimeNs } = lstatSync(join(root, path), { bigint: true })
      return { ino, mtimeNs, ctimeNs }
    }
    const paths = ['Dockerfile', 'docker/bin/start', '.erlmcp', manifestPath]
    const before = paths.map(stamp)
    expect(actions(await write(root, set))).toEqual([
      'unchanged Dockerfile',
      'unchanged docker/bin/start',
    ])
    expect(paths.map(stamp)).toEqual(before)
  })

  test('corrects a mode, without a new file', async () => {
    const root = emptyFolder()
    await write(root, set)
    const path = join(root, 'docker/bin/start')
    const { ino } = lstatSync(path)
    chmodSync(path, 0o600)
    expect(actions(await write(root, set))).toContain('chmod docker/bin/start')
    expect(lstatSync(path).ino).toBe(ino)
    expect(treeOf(root)).toEqual(treeOfArtifacts(set))
  })

  test('removes what is no longer made, with the folders that this empties', async () => {
    const root = emptyFolder()
    await write(root, set)
    expect(actions(await write(root, set.slice(0, 1)))).toContain('remove docker/bin/start')
    expect(treeOf(root)).toEqual(treeOfArtifacts(set.slice(0, 1)))
  })

  test('keeps what is no longer made but was edited, and does not ask again', async () => {
    const root = emptyFolder()
    await write(root, set)
    writeFileSync(join(root, 'docker/bin/start'), 'mine\n')
    expect(actions(await write(root, set.slice(0, 1)))).toContain('keep docker/bin/start')
    expect(actions(await write(root, set.slice(0, 1)))).toEqual(['unchanged Dockerfile'])
    expect(readFileSync(join(root, 'docker/bin/start'), 'utf8')).toBe('mine\n')
  })

  test('takes over a file that is already right, and makes again one that was deleted', async () => {
    const root = emptyFolder()
    writeFileSync(join(root, 'Dockerfile'), 'FROM a\n', { mode: 0o644 })
    expect(actions(await write(root, set))).toContain('adopt Dockerfile')
    rmSync(join(root, 'Dockerfile'))
    expect(actions(await write(root, set))).toContain('create Dockerfile')
  })

  test('makes the folder it writes into, also through a linked one', async () => {
    const root = emptyFolder()
    await write(join(root, 'new/deep'), set)
    symlinkSync('new', join(root, 'link'))
    expect(actions(await write(join(root, 'link/deep'), set))).toContain('unchanged Dockerfile')
  })
})

describe('what is not ours', () => {
  test.each([
    ['a foreign file', false, 'was there before and is not ours'],
    ['an edited file', true, 'was edited since it was made'],
  ])('%s stays, and so does everything else', async (_name, first, why) => {
    const root = emptyFolder()
    if (first) await write(root, set)
    writeFileSync(join(root, 'Dockerfile'), 'mine\n')
    const before = treeOf(root)
    const next = [artifact('Dockerfile', 'FROM b\n'), artifact('other', '1\n')]
    const refused = await write(root, next).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(WriteConflict)
    expect((refused as WriteConflict).message).toContain(`Dockerfile ${why}`)
    expect((refused as WriteConflict).message).toContain('--force')
    expect(treeOf(root)).toEqual(before)
    expect(existsSync(join(root, '.erlmcp'))).toBe(first)
    const shown = await differences((refused as WriteConflict).plan)
    expect(shown.find(({ path }) => path === 'Dockerfile')?.diff).toBe(
      '--- Dockerfile\ton disk\n+++ Dockerfile\tfrom stack.ts\n@@ -1,1 +1,1 @@\n-mine\n+FROM b\n',
    )
    await write(root, next, { force: true })
    expect(treeOf(root)).toEqual(treeOfArtifacts(next))
  })

  test('is said with its own way out, and Windows line ends are told from an edit', async () => {
    const root = emptyFolder()
    await write(root, set)
    writeFileSync(join(root, 'Dockerfile'), 'FROM a\r\n')
    const crlf = write(root, set)
    await expect(crlf).rejects.toThrow('Dockerfile has Windows line ends since it was made')
    await expect(crlf).rejects.toThrow('.gitattributes')
    writeFileSync(join(root, 'Dockerfile'), 'FROM b\r\n')
    await expect(write(root, set)).rejects.toThrow(
      /was edited[\s\S]*Move your change into the stack/,
    )
    writeFileSync(join(root, 'mine'), '')
    const other = [...set.slice(1), artifact('mine', '1')]
    await expect(write(root, other)).rejects.toThrow(/mine was there before[\s\S]*Move it away/)
  })

  test('is the stack itself, even by force', async () => {
    const root = emptyFolder()
    writeFileSync(join(root, 'stack.ts'), 'mine')
    const self = write(root, [artifact('stack.ts', '')], { force: true })
    await expect(self).rejects.toThrow('stack.ts is the stack itself')
    const sameOnMac = write(root, [artifact('Stack.ts', '')])
    await expect(sameOnMac).rejects.toThrow('the stack itself')
  })

  test('is what another stack of the folder makes; its files are not stale either', async () => {
    const root = emptyFolder()
    writeFileSync(join(root, 'a.ts'), '')
    writeFileSync(join(root, 'b.ts'), '')
    await write(root, set, { source: 'a.ts' })
    await write(root, [artifact('b', '')], { source: 'b.ts' })
    expect(existsSync(join(root, 'Dockerfile'))).toBe(true)
    await expect(write(root, set, { source: 'b.ts' })).rejects.toThrow('is made from a.ts')
    // A stack file that was renamed takes its files along.
    rmSync(join(root, 'a.ts'))
    const done = await write(root, set.slice(0, 1), { source: 'c.ts' })
    expect(actions(done)).toEqual(['unchanged Dockerfile', 'remove docker/bin/start'])
  })

  test('is a folder at the path of a file, and a file at the path of a folder', async () => {
    const root = emptyFolder()
    mkdirSync(join(root, 'Dockerfile'))
    await expect(write(root, set, { force: true })).rejects.toThrow('Dockerfile is a folder')
    rmSync(join(root, 'Dockerfile'), { recursive: true })
    writeFileSync(join(root, 'docker'), '')
    await expect(write(root, set, { force: true })).rejects.toThrow('docker is a file')
  })
})

describe('paths', () => {
  test.each(['../x', '/etc/x', 'a/../../x', 'C:/x', '.', 'a\nb', '.git/hooks/x', '.ERLMCP/lock'])(
    '%j is refused',
    async (path) => {
      const root = emptyFolder()
      await expect(write(root, [artifact(path, '')])).rejects.toThrow(
        /not inside|no file name|not for/,
      )
      expect(treeOf(root)).toEqual({})
    },
  )

  test.each([
    ['the file itself', 'Dockerfile'],
    ['a folder on the way', 'docker'],
    ['the last folder on the way', 'docker/bin'],
    ['our own folder', '.erlmcp'],
    ['our own manifest', manifestPath],
  ])('a link as %s is refused, and what it points to stays', async (_name, path) => {
    const outside = emptyFolder()
    writeFileSync(join(outside, 'start'), 'outside\n')
    const root = emptyFolder()
    mkdirSync(join(root, path, '..'), { recursive: true })
    symlinkSync(path === 'Dockerfile' ? join(outside, 'start') : outside, join(root, path))
    await expect(write(root, set, { force: true })).rejects.toThrow(`${path} is a symbolic link`)
    expect(treeOf(outside)).toEqual({ start: '644 outside\n' })
  })

  test('a dangling link is refused too', async () => {
    const root = emptyFolder()
    symlinkSync('nowhere', join(root, 'Dockerfile'))
    await expect(write(root, set)).rejects.toThrow('Dockerfile is a symbolic link')
    symlinkSync('nowhere', join(root, 'gone'))
    await expect(write(join(root, 'gone'), set)).rejects.toThrow('link to nothing')
  })

  test.each([
    ['Dockerfile', 'dockerfile'],
    ['config/a', 'Config/b'],
    ['a', 'a/b'],
    ['A', 'a/b'],
    ['a', 'a'],
    ['caf\u00e9', 'cafe\u0301'],
  ])('%j and %j cannot both be there', async (one, other) => {
    const root = emptyFolder()
    const both = [artifact(one, '1'), artifact(other, '2')]
    await expect(write(root, both)).rejects.toThrow(/cannot both be there|two files want/)
  })

  test('a folder that would have to be where a file is, is said in words', async () => {
    const root = emptyFolder()
    writeFileSync(join(root, 'file'), '')
    const below = write(join(root, 'file/folder'), [artifact('a', '')])
    await expect(below).rejects.toThrow('a file is in the way of a folder')
  })

  test('a name that is too long, and half a character, are said in words', async () => {
    await expect(write(emptyFolder(), [artifact('a'.repeat(300), '')])).rejects.toThrow('too long')
    expect(() => artifact('a', 'x\ud83d')).toThrow('half of a character')
  })
})

test('who waits too long is told who writes', async () => {
  const root = emptyFolder()
  const held = await lock(root)
  await expect(write(root, set, { timeout: 50 })).rejects.toThrow(
    new RegExp(`process ${process.pid} on .* is writing into this project`),
  )
  const waiting = write(root, set)
  setTimeout(() => held.release(), 100)
  expect(actions(await waiting)).toContain('create Dockerfile')
})

test('whatever was there and whatever is to be: afterwards it is so, and stays so', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd e', 'ü')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const one = fc.tuple(path, fc.string({ unit: 'grapheme' }), fc.constantFrom(0o644, 0o755, 0o600))
  const sets = fc.uniqueArray(one, { selector: ([path]) => path, maxLength: 8 }).map((files) => {
    // A path that is a folder of another one cannot be a file.
    const folders = new Set(files.map(([path]) => `${path}/`))
    const inFile = (path: string) => [...folders].some((folder) => path.startsWith(folder))
    return files.filter(([path]) => !inFile(path)).map((file) => artifact(...file))
  })
  const sorted = (root: string) => {
    return Object.fromEntries(Object.entries(treeOf(root)).sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  await fc.assert(
    fc.asyncProperty(sets, sets, async (old, now) => {
      const root = emptyFolder()
      await write(root, old)
      expect(sorted(root)).toEqual(treeOfArtifacts(old))
      const blocked = now.some(({ path }) =>
        old.some((o) => path.startsWith(`${o.path}/`) || o.path.startsWith(`${path}/`)),
      )
      if (blocked) {
        await expect(write(root, now)).rejects.toThrow(/is a file|is a folder/)
        expect(sorted(root)).toEqual(treeOfArtifacts(old))
        return
      }
      await write(root, now)
      expect(sorted(root)).toEqual(treeOfArtifacts(now))
      const again = await write(root, now)
      expect(again.steps.every(({ action }) => action === 'unchanged')).toBe(true)
      expect(await differences(again)).toEqual([])
    }),
    { numRuns: 60 },
  )
})
