import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { artifact } from '../document/artifact.ts'
import { emptyFolder, treeOf } from '../testing/tree.ts'
import { write } from './write.ts'

// Real mounts: only root can make them, and a container may forbid it even to root.
const canMount = (() => {
  const probe =
    'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"; r=$?; rmdir "$d"; exit $r'
  return spawnSync('sh', ['-c', probe]).status === 0
})()
if (!canMount) console.log('skipped: full disk and read-only folders, since this user cannot mount')

function mount(folder: string, ...options: string[]): void {
  execFileSync('mount', [...options, folder])
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
}

const big = (letter: string) => {
  return Array.from({ length: 10 }, (_, n) => artifact(`config/${n}`, letter.repeat(20_000)))
}

describe.skipIf(!canMount)('a full disk', () => {
  test('changes nothing, says so, and after making room the write goes through', async () => {
    const root = emptyFolder()
    mount(root, '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs')
    await write(root, big('a'))
    const before = treeOf(root)
    writeFileSync(join(root, 'ballast'), 'x'.repeat(200_000))
    const error = await write(root, [...big('b'), artifact('new/folder/file', '')]).catch(
      (e: unknown) => e,
    )
    expect(error).toMatchObject({
      summary: expect.stringMatching(/^config\/\d: the disk is full$/),
      kind: 'environment',
    })
    rmSync(join(root, 'ballast'))
    expect(treeOf(root)).toEqual(before)
    expect(readdirSync(join(root, '.erlmcp')).sort()).toEqual(['.gitignore', 'manifest.json'])
    await write(root, big('b'))
    expect(treeOf(root)['config/9']).toMatch(/^644 b{20000}$/)
  })

  test('that has no room at all, not even for the lock, changes nothing', async () => {
    const root = emptyFolder()
    mount(root, '-t', 'tmpfs', '-o', 'size=128k', 'tmpfs')
    expect(() => writeFileSync(join(root, 'ballast'), 'x'.repeat(200_000))).toThrow('ENOSPC')
    await expect(write(root, big('a'))).rejects.toThrow('the disk is full')
    rmSync(join(root, 'ballast'))
    expect(readdirSync(root)).toEqual([])
    await write(root, big('a').slice(0, 2))
  })
})

describe.skipIf(!canMount)('a read-only folder', () => {
  const set = (text: string) => [artifact('a', text), artifact('config/b', text)]

  test('changes nothing and is named; what is as it should be needs no writing', async () => {
    const root = emptyFolder()
    await write(root, set('1'))
    mount(root, '--bind', root)
    execFileSync('mount', ['-o', 'remount,ro,bind', root])
    const before = treeOf(root)
    await expect(write(root, set('2'))).rejects.toThrow('the file system is read-only')
    expect(treeOf(root)).toEqual(before)
    expect((await write(root, set('1'))).steps.map(({ action }) => action)).toEqual([
      'unchanged',
      'unchanged',
    ])
  })

  test.each([
    ['read-only', ['remount,ro,bind'], /config: the file system is read-only/],
    ['on another file system', [], /config: the path is on another file system/],
  ])('below, %s: the files beside it stay old too', async (_name, remount, words) => {
    const root = emptyFolder()
    await write(root, set('1'))
    const config = join(root, 'config')
    mount(config, '--bind', config)
    for (const options of remount) execFileSync('mount', ['-o', options, config])
    const before = treeOf(root)
    await expect(write(root, set('2'))).rejects.toThrow(words)
    expect(treeOf(root)).toEqual(before)
    expect(existsSync(join(root, '.erlmcp/staging'))).toBe(false)
  })

  test('a first write that fails leaves no trace', async () => {
    const root = emptyFolder()
    mkdirSync(join(root, 'config'))
    mount(join(root, 'config'), '--bind', join(root, 'config'))
    await expect(write(root, set('1'))).rejects.toThrow('another file system')
    expect(treeOf(root)).toEqual({ config: 'folder' })
    expect(existsSync(join(root, '.erlmcp'))).toBe(false)
  })
})

test('a file that is protected by itself stops the write before it begins', async (context) => {
  const root = emptyFolder()
  await write(root, [artifact('a', '1'), artifact('b', '1')])
  const protect = spawnSync('chattr', ['+i', join(root, 'b')])
  if (protect.status !== 0) context.skip('chattr +i is not possible here')
  onTestFinished(() => void spawnSync('chattr', ['-i', join(root, 'b')]))
  const before = treeOf(root)
  await expect(write(root, [artifact('a', '2'), artifact('b', '2')])).rejects.toThrow(
    'b: the file is write-protected',
  )
  expect(treeOf(root)).toEqual(before)
})

test.skipIf(process.platform !== 'linux')(
  'a file system that takes no folders says so',
  async () => {
    await expect(write('/proc', [artifact('a', '1')])).rejects.toThrow('cannot create a file there')
  },
)
