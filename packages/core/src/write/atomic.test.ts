import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { rounds } from '@erlmcp/testkit'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { artifact } from '../document/artifact.ts'
import { compiledProgram } from '../testing/compiled.ts'
import { emptyFolder, treeOf, treeOfArtifacts } from '../testing/tree.ts'
import { journalPath, stagingFolder } from './journal.ts'
import { lock } from './lock.ts'
import { preview, write } from './write.ts'

// Two versions of a project: files that change, come, go and get another mode.
const files = (version: string) => [
  ...Array.from({ length: 4 }, (_, n) =>
    artifact(`config/${n}.conf`, `${version} ${n}\n`.repeat(40)),
  ),
  artifact('Dockerfile', 'FROM a\n'),
  artifact('bin/start', '#!/bin/sh\n', version === 'old' ? 0o644 : 0o755),
  artifact(`${version}/only/here`, `${version}\n`),
  artifact(`${version}-2`, `${version}\n`),
]
const old = files('old')
const now = files('new')

// A real process that writes. It can kill itself at its n-th call that changes the disk: `write`
// calls then are cut in half first.
const program = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const [root, killAt, ...order] = process.argv.slice(2)
const calls = ['mkdirSync', 'openSync', 'writeFileSync', 'writeSync', 'renameSync', 'unlinkSync',
  'rmSync', 'rmdirSync', 'chmodSync', 'fchmodSync']
let count = 0
function arm() {
  for (const name of calls) {
    const real = fs[name]
    fs[name] = (...args) => {
      if (++count === Number(killAt)) {
        if (name === 'writeSync') real(args[0], args[1].subarray(0, args[1].length / 2))
        process.kill(process.pid, 'SIGKILL')
      }
      return real(...args)
    }
  }
  syncBuiltinESMExports()
}
const { artifact, write } = await import('@erlmcp/core')
const sets = JSON.parse(fs.readFileSync(0, 'utf8'))
  .map((set) => set.map(({ path, text, mode }) => artifact(path, text, mode)))
arm()
process.stdout.write('ready')
if (order[0] === 'for-ever') for (let n = 1; ; n++) await write(root, sets[n % 2])
for (const n of order) await write(root, sets[n])
`
let script: string
beforeAll(() => {
  script = compiledProgram(program)
})

const input = JSON.stringify([old, now])

/** Which version the tree is, wholly. Folders without files count where `strict`. */
function versionOf(root: string, strict: boolean): 'old' | 'new' | 'mixed' {
  const comparable = (tree: Record<string, string>) => {
    return JSON.stringify(
      Object.entries(tree)
        .filter(([, message]) => strict || message !== 'folder')
        .sort(),
    )
  }
  const tree = comparable(treeOf(root))
  if (tree === comparable(treeOfArtifacts(old))) return 'old'
  return tree === comparable(treeOfArtifacts(now)) ? 'new' : 'mixed'
}

/** The state that the next command sees. */
async function expectRecovered(root: string): Promise<void> {
  await preview(root, old)
  expect(versionOf(root, true)).toMatch(/^(old|new)$/)
  expect(existsSync(join(root, journalPath))).toBe(false)
  expect(existsSync(join(root, stagingFolder))).toBe(false)
  await write(root, now)
  expect(versionOf(root, true)).toBe('new')
  // Killed while it let go of the lock, a process leaves that: the next one that needs it removes it.
  const state = readdirSync(join(root, '.erlmcp')).filter((name) => !name.startsWith('lock-'))
  expect(state.sort()).toEqual(['.gitignore', 'manifest.json'])
}

describe('kill -9', () => {
  test('at each single call that changes the disk leaves the old or the new files, and edits stay', async () => {
    const seen = { old: 0, new: 0, mixed: 0 }
    let decidedAt = 0
    const calls = 150
    const step = calls / rounds(calls)
    for (let at = 1; ; at += step) {
      const root = emptyFolder()
      await write(root, old)
      const { signal, status, stderr } = spawnSync(
        process.execPath,
        [script, root, String(at), '1'],
        {
          input,
          encoding: 'utf8',
        },
      )
      if (signal === null) {
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
        break
      }
      seen[versionOf(root, false)]++
      if (existsSync(join(root, journalPath))) decidedAt ||= at
      await expectRecovered(root)
    }
    const all = seen.old + seen.new + seen.mixed
    console.log(
      `killed at each of ${all} calls: before recovery ${seen.old} old, ${seen.new} new, ${seen.mixed} between; after recovery none between`,
    )
    // Between are the calls from the first to the last rename, which no program can join.
    expect(seen.old).toBeGreaterThan(rounds(30))
    expect(seen.new).toBeGreaterThan(1)
    expect(seen.mixed).toBeLessThanOrEqual(10)

    // Killed between the decision and the first rename, then edited by its owner.
    const root = emptyFolder()
    await write(root, old)
    spawnSync(process.execPath, [script, root, String(decidedAt), '1'], { input })
    writeFileSync(join(root, 'config/3.conf'), 'mine\n')
    const { steps } = await preview(root, now)
    expect(readFileSync(join(root, 'config/3.conf'), 'utf8')).toBe('mine\n')
    expect(steps.find(({ path }) => path === 'config/3.conf')).toMatchObject({
      action: 'conflict',
      why: 'was edited since it was generated',
    })
    expect(steps.filter(({ action }) => action === 'unchanged').length).toBe(now.length - 1)
  }, 400_000)

  test('at random moments leaves the old or the new files', async () => {
    const root = emptyFolder()
    await write(root, old)
    const seen = { old: 0, new: 0, mixed: 0 }
    const kills = rounds(200)
    let done = 0
    // On a busy machine a write may take longer than the first moments.
    for (; done < kills || seen.old === 0 || seen.new === 0; done++) {
      const child = spawn(process.execPath, [script, root, '0', 'for-ever'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const closed = once(child, 'close')
      child.stdin.end(input)
      await once(child.stdout, 'data')
      await sleep(Math.random() * (60 + 20 * Math.max(0, done - kills)))
      child.kill('SIGKILL')
      const [, signal] = await closed
      expect(signal).toBe('SIGKILL')
      seen[versionOf(root, false)]++
      await preview(root, old)
      expect(versionOf(root, true)).toMatch(/^(old|new)$/)
    }
    console.log(
      `${done} kills at random: before recovery ${seen.old} old, ${seen.new} new, ${seen.mixed} between; after recovery none between`,
    )
    expect(seen.old).toBeGreaterThan(0)
    expect(seen.new).toBeGreaterThan(0)
    await expectRecovered(root)
  }, 400_000)
})

describe('two at once', () => {
  test('both succeed, one after the other, and no reader sees a mixture', async () => {
    const root = emptyFolder()
    await write(root, old)
    const order = Array.from({ length: 30 }, (_, n) => String(n % 2))
    const children = [order, order.toReversed()].map((own) => {
      const child = spawn(process.execPath, [script, root, '0', ...own], {
        stdio: ['pipe', 'ignore', 'pipe'],
      })
      child.stdin.end(input)
      let stderr = ''
      child.stderr.on('data', (text) => {
        stderr += text
      })
      return once(child, 'close').then(([code]) => ({ code, stderr }))
    })
    let running = true
    const all = Promise.all(children).finally(() => {
      running = false
    })
    let reads = 0
    while (running) {
      const { steps } = await preview(root, old)
      // Each version's files are there wholly: all that differ differ together.
      const changed = steps
        .filter(({ path }) => path.startsWith('config/'))
        .map(({ action }) => action)
      expect(new Set(changed).size).toBe(1)
      reads++
      await sleep(5)
    }
    expect(await all).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ])
    expect(reads).toBeGreaterThan(3)
    expect(versionOf(root, true)).not.toBe('mixed')
  }, 120_000)

  test('a file that appears and disappears is read as one or the other', async () => {
    const root = emptyFolder()
    const path = JSON.stringify(join(root, 'a'))
    const toggle = `const fs = require('fs'); for (;;) { fs.writeFileSync(${path}, ''); fs.unlinkSync(${path}) }`
    const child = spawn(process.execPath, ['-e', toggle])
    onTestFinished(() => void child.kill('SIGKILL'))
    const seen = new Set<string>()
    for (let reads = 0; reads < rounds(5000) || seen.size < 2; reads++) {
      const { steps } = await preview(root, [artifact('a', 'ours\n')])
      seen.add(steps[0]!.action)
    }
    expect([...seen].sort()).toEqual(['conflict', 'create'])
  }, 60_000)

  test('takes over the lock of a dead process', async () => {
    const root = emptyFolder()
    await write(root, old)
    const { release } = await lock(root)
    const [name] = readdirSync(join(root, '.erlmcp')).filter((one) => one.startsWith('lock-'))
    release()
    // The same process number, but born at another time: another process.
    const parts = name!.split('-')
    parts[3] = '1'
    writeFileSync(join(root, '.erlmcp', parts.join('-')), '')
    await write(root, now, { timeout: 0 })
    expect(versionOf(root, true)).toBe('new')
  })
})

describe('a journal that came with a repository', () => {
  test.each([
    ['outside', '../outside'],
    ['into version control', '.git/hooks/post-checkout'],
    ['into our own folder', '.erlmcp/.gitignore'],
  ])('cannot write %s', async (_name, path) => {
    const root = join(emptyFolder(), 'project')
    mkdirSync(join(root, stagingFolder), { recursive: true })
    writeFileSync(join(root, stagingFolder, '0'), 'evil')
    const operations = [{ kind: 'write', path, staged: '0', before: null }]
    writeFileSync(join(root, journalPath), JSON.stringify({ operations, folders: [], targets: [] }))
    await expect(preview(root, [])).rejects.toThrow(
      /journal\.json, the journal of a write, was modified/,
    )
    expect(existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === 'evil').toBe(
      false,
    )
  })
})
