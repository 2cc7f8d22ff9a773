import { chownSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { finished, rounds, startCommand } from '@erlmcp/testkit'
import { expect, test } from 'vitest'
import { checkSecrets } from '../check/check-secrets.ts'
import { initSecrets } from '../init-secrets.ts'
import { program } from '../testing/program.ts'
import { isRoot, project, random, reader, tls } from '../testing/secrets.ts'
import { finishRotation, rotateSecrets } from './rotate-secrets.ts'

const key = { ...random('secrets/backup-key', []), atRest: true }
const all = [random('secrets/password', [reader]), key, ...tls]
const stopped = true

/** A program that rotates; `turn` sees `rotate` and `done`. */
const rotating = (root: string, turn: string, uid?: number) =>
  program(
    `const root = ${JSON.stringify(root)}, all = ${JSON.stringify(all)}
    const rotate = (which) => rotateSecrets(root, all, { which, stopped: true })
    const done = () => finishRotation(root, all, { stopped: true })
    ${turn}`,
    uid,
  )

test('a rotation that is killed leaves whole files, and the next one brings it to its end', async () => {
  const root = project()
  await initSecrets(root, all)
  const leftovers = () =>
    readdirSync(join(root, 'secrets')).filter((name) => name.startsWith('.erlmcp-rotation'))
  let interrupted = 0
  const journal = join(root, 'secrets/.erlmcp-rotation')
  for (let kill = 0; kill < 10; kill++) {
    const turn = `for (;;) { await rotate(['password', 'tls-key', 'backup-key']); await done() }`
    const sealed = readFileSync(join(root, 'secrets/backup-key'), 'utf8')
    const child = startCommand(rotating(root, turn))
    const ended = finished(child)
    // At the first moment of a rotation, then later and later.
    while (!existsSync(journal) && child.exitCode === null) await setImmediate()
    await sleep(kill * 5)
    child.kill('SIGKILL')
    await ended
    const password = join(root, 'secrets/password')
    expect(readFileSync(password, 'utf8')).toMatch(/^[0-9a-f]{64}$/)
    const { mode, uid } = statSync(password)
    expect([mode & 0o777, uid]).toEqual([0o400, reader])
    if (existsSync(journal)) {
      interrupted++
      await finishRotation(root, all, { stopped }).catch(() =>
        rotateSecrets(root, all, { which: ['password'], stopped }),
      )
      await finishRotation(root, all, { stopped })
    }
    // Also where it was killed between two: nothing that holds an old content is left.
    await finishRotation(root, all, { stopped })
    expect(leftovers()).toEqual([])
    // Whatever was sealed before the kill is still opened.
    const file = join(root, 'secrets/backup-key')
    const keys = [file, `${file}.previous`]
      .filter(existsSync)
      .map((one) => readFileSync(one, 'utf8'))
    expect(keys.join('\n').split('\n')).toContain(sealed)
    expect(await checkSecrets(root, all)).toMatchObject({ ok: true })
  }
  expect(interrupted).toBeGreaterThan(0)
})

test('who reads all the time sees the old content or the new, and never another mode', async () => {
  const root = project()
  await initSecrets(root, all)
  const file = JSON.stringify(join(root, 'secrets/password'))
  const known = [readFileSync(join(root, 'secrets/password'), 'utf8')]
  const watcher = startCommand([
    process.execPath,
    '--eval',
    `const fs = require('fs'), seen = new Set(), modes = new Set()
     process.stdout.write('ready\\n')
     const handle = fs.openSync(${file}, 'r'), bytes = Buffer.alloc(4096)
     let reads = 0
     for (; !fs.existsSync(${file} + '-enough'); ) {
       for (let i = 0; i < 200; i++, reads++) {
         seen.add(bytes.toString('utf8', 0, fs.readSync(handle, bytes, 0, 4096, 0)))
       }
       modes.add((fs.fstatSync(handle).mode & 0o777).toString(8))
     }
     console.log(JSON.stringify({ seen: [...seen], modes: [...modes], reads }))`,
  ])
  const watched = finished(watcher)
  await new Promise((resolve) => watcher.stdout!.once('data', resolve))
  const turns = rounds(150)
  const turn = `import { readFileSync, writeFileSync } from 'node:fs'
    for (let turn = 0; turn < ${turns}; turn++) {
      await rotate(['password']); await done()
      console.log(readFileSync(${file}, 'utf8'))
    }
    writeFileSync(${file} + '-enough', '')`
  const { stdout } = await finished(startCommand(rotating(root, turn)))
  known.push(...stdout.trim().split('\n'))
  const { seen, modes, reads } = JSON.parse((await watched).stdout.replace('ready\n', ''))
  expect(known).toHaveLength(turns + 1)
  expect(seen.filter((content: string) => !known.includes(content))).toEqual([])
  expect(seen.length).toBeGreaterThan(turns / 3)
  expect(reads).toBeGreaterThan(1000)
  expect(modes).toEqual(['400'])
})

test('of two rotations at once one waits, or both run one after the other', async () => {
  const root = project()
  await initSecrets(root, all)
  const at = Date.now() + 3000
  const turn = `while (Date.now() < ${at});
    console.log(await rotate(['password']).then(() => 'rotated', ({ summary }) => summary))`
  const ended = await Promise.all([1, 2, 3].map(() => finished(startCommand(rotating(root, turn)))))
  const replies = ended.map(({ stdout }) => stdout.trim())
  expect(replies.filter((one) => one === 'rotated').length).toBeGreaterThan(0)
  for (const one of replies)
    expect(one).toMatch(/^(rotated|another rotation is|the previous rotation)/)
  await finishRotation(root, all, { stopped })
  expect(await checkSecrets(root, all)).toMatchObject({ ok: true })
})

test.skipIf(isRoot ? false : 'only root can run as another user')(
  'a user other than root rotates their own secrets',
  async () => {
    const root = project()
    chownSync(root, 4321, 4321)
    const { code, stderr } = await finished(
      startCommand(
        rotating(
          root,
          `await initSecrets(root, all)
          await rotate(['password', 'tls-key']); await done()`,
          4321,
        ),
        // This user may well be kept from the engine of the machine.
        { DOCKER_HOST: 'unix:///nowhere.sock' },
      ),
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { mode, uid } = statSync(join(root, 'secrets/password'))
    expect([mode & 0o777, uid]).toEqual([0o444, 4321])
    expect(statSync(join(root, 'secrets/tls-ca-key')).mode & 0o777).toBe(0o400)
    expect(await checkSecrets(root, all)).toMatchObject({ ok: true })
  },
)
