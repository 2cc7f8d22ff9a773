import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { artifact } from '../document/artifact.ts'
import { compiledProgram } from '../testing/compiled.ts'
import { emptyFolder, treeOf } from '../testing/tree.ts'
import { write } from './write.ts'

const isRoot = process.getuid?.() === 0
const set = (text: string) => [
  artifact('a', text),
  artifact(`only-${text}`, text),
  artifact('new/b', text),
  artifact('z/shared', text),
]
const stateOf = (root: string) => readdirSync(join(root, '.erlmcp')).sort()

describe('a rename that fails after the write was decided', () => {
  test.skipIf(!isRoot)('on a file that is mounted: all files are as before', async (context) => {
    const root = emptyFolder()
    await write(root, set('1'))
    const file = join(root, 'z/shared')
    if (spawnSync('mount', ['--bind', file, file]).status !== 0) context.skip('no mount here')
    onTestFinished(() => void spawnSync('umount', ['-l', file]))
    const before = treeOf(root)
    await expect(write(root, set('2'))).rejects.toThrow('z/shared: a file system is mounted there')
    expect(treeOf(root)).toEqual(before)
    expect(stateOf(root)).toEqual(['.gitignore', 'manifest.json'])
    execFileSync('umount', [file])
    await write(root, set('2'))
    expect(readFileSync(file, 'utf8')).toBe('2')
    expect(existsSync(join(root, 'only-1'))).toBe(false)
  })

  test.skipIf(!isRoot)('in a sticky folder of another user: the same, and named', async () => {
    const root = emptyFolder()
    await write(root, set('1'))
    for (const path of ['', 'a', 'only-1', 'new', 'new/b', 'z/shared', '.erlmcp']) {
      chownSync(join(root, path), 65534, 65534)
    }
    for (const name of stateOf(root)) chownSync(join(root, '.erlmcp', name), 65534, 65534)
    chmodSync(root, 0o755)
    chmodSync(join(root, 'z'), 0o1777)
    chownSync(join(root, 'z/shared'), 0, 0)
    chmodSync(join(root, 'z/shared'), 0o666)
    const before = treeOf(root)
    const program = compiledProgram(`
import { artifact, write } from '@erlmcp/core'
const set = JSON.parse(process.argv[3]).map(({ path, text }) => artifact(path, text))
process.setgroups([]); process.setgid(65534); process.setuid(65534)
await write(process.argv[2], set)
`)
    const argv = [program, root, JSON.stringify(set('2'))]
    const { stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
    expect(stderr).toContain('z/shared: the file is write-protected')
    expect(treeOf(root)).toEqual(before)
    expect(stateOf(root)).toEqual(['.gitignore', 'manifest.json'])
    chmodSync(join(root, 'z'), 0o777)
    expect(spawnSync(process.execPath, argv).status).toBe(0)
    expect(readFileSync(join(root, 'z/shared'), 'utf8')).toBe('2')
  })
})

// A file system that takes upper and lower case for one, as those of macOS and Windows: every path
// is led to the entry that is there already.
const folding = `
import fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncBuiltinESMExports } from 'node:module'
const real = { ...fs }
const root = real.realpathSync(process.argv[2])
const fold = (path) => {
  if (typeof path !== 'string' || !path.startsWith(root + '/')) return path
  const folder = fold(dirname(path))
  const names = real.existsSync(folder) ? real.readdirSync(folder) : []
  const name = basename(path)
  return join(folder, names.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name)
}
const one = ['lstatSync', 'statSync', 'readFileSync', 'openSync', 'unlinkSync', 'rmSync',
  'rmdirSync', 'chmodSync', 'mkdirSync', 'readdirSync', 'accessSync', 'writeFileSync', 'realpathSync']
for (const name of one) fs[name] = (path, ...rest) => real[name](fold(path), ...rest)
for (const name of ['linkSync', 'copyFileSync']) {
  fs[name] = (from, to, ...rest) => real[name](fold(from), fold(to), ...rest)
}
fs.renameSync = (from, to) => {
  const [old, now] = [fold(from), fold(to)]
  if (old === now && from !== to) real.renameSync(old, join(dirname(now), basename(to)))
  else real.renameSync(old, now)
}
syncBuiltinESMExports()
const { artifact, write } = await import('@erlmcp/core')
for (const set of JSON.parse(process.argv[3])) {
  const { steps } = await write(root, set.map(({ path, text }) => artifact(path, text)))
  console.log(steps.map(({ path, action }) => action + ' ' + path).join())
}
`

describe('a path that changes in letter case only', () => {
  const versions = (first: string, second: string, text = 'same') => [
    [artifact(first, 'same'), artifact('other', '1')],
    [artifact(second, text), artifact('other', '1')],
  ]

  test.each([
    ['a file', versions('Readme', 'README'), ['README', 'other']],
    ['a file that changes, too', versions('Readme', 'README', 'new'), ['README', 'other']],
    ['a folder', versions('Config/a', 'config/a'), ['Config', 'Config/a', 'other']],
  ])('%s: the file stays, where both are one', (_name, sets, left) => {
    const root = emptyFolder()
    const program = compiledProgram(folding)
    const argv = [program, root, JSON.stringify([...sets, sets[1]])]
    const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(Object.keys(treeOf(root))).toEqual(left)
    expect(Object.values(treeOf(root))).toContain(`644 ${sets[1]![0]!.text}`)
    expect(stdout.split('\n')[2]).toMatch(/^unchanged .*,unchanged other$/)
  })

  test('is another file elsewhere, and the old one goes', async () => {
    const root = emptyFolder()
    const [first, second] = versions('Readme', 'README')
    await write(root, first!)
    await write(root, second!)
    expect(Object.keys(treeOf(root))).toEqual(['README', 'other'])
  })
})

describe('a manifest that came with a repository', () => {
  const entry = (text: string) => ({ sha256: artifact('x', text).sha256, mode: '0644' })

  test.each([
    '.git/HEAD',
    '.git/config',
    '.GIT/config',
    'sub/.git/config',
    'git~1/config',
    '.git./config',
    '.g\u200cit/config',
    '.erlmcp/.gitignore',
    'stack.ts',
    'Stack.ts',
    'other.ts',
  ])('cannot have %s removed', async (path) => {
    const root = emptyFolder()
    mkdirSync(join(root, path, '..'), { recursive: true })
    mkdirSync(join(root, '.erlmcp'), { recursive: true })
    writeFileSync(join(root, path), 'mine')
    const sources = { 'stack.ts': { [path]: entry('mine') }, 'other.ts': {} }
    writeFileSync(join(root, '.erlmcp/manifest.json'), JSON.stringify({ version: 1, sources }))
    await expect(write(root, [], { force: true })).rejects.toThrow(/manifest\.json cannot be read/)
    expect(readFileSync(join(root, path), 'utf8')).toBe('mine')
  })
})

test.skipIf(!isRoot)('files of a stack that this user cannot see stay', async () => {
  const root = emptyFolder()
  mkdirSync(join(root, 'theirs'))
  writeFileSync(join(root, 'theirs/stack.ts'), '')
  await write(root, [artifact('a', '1')], { source: 'theirs/stack.ts' })
  for (const path of ['', 'a', '.erlmcp', '.erlmcp/manifest.json', '.erlmcp/.gitignore']) {
    chownSync(join(root, path), 65534, 65534)
  }
  chmodSync(join(root, 'theirs'), 0o700)
  const program = compiledProgram(`
import { artifact, write } from '@erlmcp/core'
process.setgroups([]); process.setgid(65534); process.setuid(65534)
const { steps } = await write(process.argv[2], [artifact('b', '1')], { source: 'mine.ts' })
console.log(steps.map(({ path, action }) => action + ' ' + path).join())
`)
  const { stdout, stderr } = spawnSync(process.execPath, [program, root], { encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: 'create b\n', stderr: '' })
  expect(existsSync(join(root, 'a'))).toBe(true)
})
