import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { SecretFile } from '@erlmcp/core'
import { finished, rounds, startCommand } from '@erlmcp/testkit'
import { describe, expect, test } from 'vitest'
import { parseCertificate, parsePrivateKey } from './certificate/certificate.ts'
import { initSecrets } from './init-secrets.ts'
import type { SecretsReport } from './report.ts'
import { program } from './testing/program.ts'
import { project, random, tls } from './testing/secrets.ts'

const isRoot = process.getuid?.() === 0
const reader = isRoot ? 1000 : process.getuid!()
const many = (count: number, readers = [reader]): SecretFile[] =>
  Array.from({ length: count }, (_, index) => random(`secrets/s${index}`, readers))

const call = (root: string, secrets: readonly SecretFile[]) =>
  `await initSecrets(${JSON.stringify(root)}, ${JSON.stringify(secrets)})`

/** Runs it in a process of its own, which prints its report. */
async function runAs(
  root: string,
  secrets: readonly SecretFile[],
  options: { before?: string; uid?: number } = {},
): Promise<{ report: SecretsReport; output: string }> {
  const body = `${options.before ?? ''}\nconsole.log(JSON.stringify(${call(root, secrets)}))`
  const { code, stdout, stderr } = await finished(startCommand(program(body, options.uid)))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return { report: JSON.parse(stdout), output: stdout + stderr }
}

const access = (path: string) => {
  const { uid, mode } = statSync(path)
  return `${uid} ${(mode & 0o777).toString(8)}`
}

describe.each(['000', '077', '777'])('under umask %s', (umask) => {
  test('owner and mode are the same, and nothing is printed', async () => {
    const root = project()
    const before = `process.umask(0o${umask})`
    const { output } = await runAs(root, [...tls, random('secrets/a', [reader])], { before })
    expect(access(join(root, 'secrets'))).toMatch(/ 700$/)
    expect(access(join(root, 'secrets/a'))).toBe(`${reader} 400`)
    for (const name of readdirSync(join(root, 'secrets'))) {
      const content = readFileSync(join(root, 'secrets', name), 'utf8')
      expect(output).not.toContain(JSON.stringify(content).slice(1, -1))
    }
  })
})

describe.skipIf(isRoot ? false : 'only root can run as another user')(
  'a user other than root',
  () => {
    const operator = 4321
    function home(): string {
      const root = project()
      chownSync(root, operator, operator)
      return root
    }

    test('owns what only they read', async () => {
      const root = home()
      await runAs(root, [random('secrets/a', [operator])], { uid: operator })
      expect(access(join(root, 'secrets/a'))).toBe(`${operator} 400`)
    })

    test('cannot give a file to another, who reads it through the container', async () => {
      const root = home()
      const { report } = await runAs(root, [random('secrets/a', [1000])], { uid: operator })
      expect(report.secrets[0]).toMatchObject({
        access: '0444 in a closed directory, user 1000: only root can change the owner',
      })
      expect(access(join(root, 'secrets/a'))).toBe(`${operator} 444`)
      chmodSync(root, 0o755)
      const cat = (uid: number) =>
        spawnSync('cat', [join(root, 'secrets/a')], { uid, gid: uid, encoding: 'utf8' })
      expect(cat(1000).stderr).toContain('Permission denied')
      expect(cat(operator).stdout).toMatch(/^[0-9a-f]{64}$/)
    })

    test('makes working certificates, and keeps everything the second time', async () => {
      const root = home()
      expect((await runAs(root, tls, { uid: operator })).report.ok).toBe(true)
      const { report } = await runAs(root, tls, { uid: operator })
      expect(report.secrets.map(({ status }) => status)).toEqual(tls.map(() => 'kept'))
      // Root accepts what the user has created.
      expect((await initSecrets(root, tls)).ok).toBe(true)
    })

    test('agrees with what root made', async () => {
      const root = home()
      mkdirSync(join(root, 'secrets'))
      chownSync(join(root, 'secrets'), operator, operator)
      await initSecrets(root, [random('secrets/a', [1000])])
      const { report } = await runAs(root, [random('secrets/a', [1000])], { uid: operator })
      expect(report.secrets[0]?.status).toBe('kept')
    })

    test('names a directory that belongs to another user', async () => {
      const root = home()
      mkdirSync(join(root, 'secrets'), { mode: 0o755 })
      const { report } = await runAs(root, [random('secrets/a')], { uid: operator })
      expect(report.secrets[0]).toMatchObject({
        status: 'problem',
        message: 'could not be created: operation not permitted (chmod)',
      })
    })
  },
)

const everyStep = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0

test.skipIf(everyStep ? false : 'strace cannot run here')(
  'a secret has owner and mode before content, content before its name',
  async () => {
    const root = project()
    const trace = join(project(), 'trace')
    const secrets = [random('secrets/a', [reader]), random('secrets/b', [reader, 70])]
    const { code } = await finished(
      startCommand([
        ...['strace', '-f', '-s', '200', '-o', trace],
        ...[
          '-e',
          'trace=openat,open,fchmod,fchown,write,pwrite64,fsync,link,linkat,chmod,rename,unlink',
        ],
        ...program(`process.umask(0); ${call(root, secrets)}`),
      ]),
    )
    expect(code).toBe(0)
    // One line for each call, also when another thread came between its begin and its end.
    const lines = readFileSync(trace, 'utf8').split('\n')
    for (const [name, mode] of [
      ['a', '0400'],
      ['b', '0444'],
    ] as const) {
      const link = lines.findIndex((l) => /link(at)?\(/.test(l) && l.includes(`secrets/${name}"`))
      const temporary = /"([^"]+\.unfinished)"/.exec(lines[link]!)![1]!
      const open = lines.findIndex((line) => line.includes(temporary))
      expect(lines[open]).toMatch(/O_WRONLY\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 000/)
      const content = readFileSync(join(root, 'secrets', name), 'utf8')
      const steps = lines.slice(open + 1, link).flatMap((line) => {
        if (line.includes('resumed')) return []
        if (line.includes(content)) return ['content']
        const step = /\b(fchown|fchmod|fsync)\(\d+(?:, ([\d-]+))?/.exec(line)
        return step ? [`${step[1]} ${step[2] ?? ''}`.trim()] : []
      })
      const give = name === 'a' ? [`fchown ${reader}`] : []
      expect(steps).toEqual([...give, `fchmod ${mode}`, 'content', 'fsync'])
      // Its content goes nowhere else, and its real name is named by nothing that could replace it.
      expect(lines.filter((line) => line.includes(content))).toHaveLength(1)
      expect(
        lines.some((l) => l.includes(`secrets/${name}"`) && /O_(CREAT|WRONLY|RDWR)|rename/.test(l)),
      ).toBe(false)
    }
  },
)

test('no process ever sees a secret that is open, empty or without its owner', async () => {
  const root = project()
  const count = rounds(1000)
  mkdirSync(join(root, 'secrets'), { mode: 0o700 })
  // The watcher reads at everything in the directory, as fast as it can, until the last is there.
  const watcher = startCommand([
    process.execPath,
    '--eval',
    `const fs = require('fs'), dir = ${JSON.stringify(join(root, 'secrets'))}
     const seen = { reads: 0, unfinished: 0, faults: [] }
     process.stdout.write('ready\\n')
     for (const end = Date.now() + 50000; Date.now() < end && !fs.existsSync(dir + '/s${count - 1}'); ) {
       for (const name of fs.readdirSync(dir).slice(-40)) {
         const stats = fs.lstatSync(dir + '/' + name, { throwIfNoEntry: false })
         if (!stats) continue
         seen.reads++
         const mode = stats.mode & 0o777, unfinished = name.endsWith('.unfinished')
         if (unfinished) seen.unfinished++
         const whole = stats.size === 64 && mode === 0o400 && stats.uid === ${reader}
         const empty = stats.size === 0 && (mode & 0o377) === 0
         if (!(whole || (unfinished && empty) || (unfinished && mode === 0o400))) {
           seen.faults.push([name, mode.toString(8), stats.size, stats.uid])
         }
       }
     }
     console.log(JSON.stringify(seen))`,
  ])
  const watched = finished(watcher)
  await new Promise((resolve) => watcher.stdout!.once('data', resolve))
  await runAs(root, many(count), { before: 'process.umask(0)' })
  const { stdout } = await watched
  const seen = JSON.parse(stdout.replace('ready\n', ''))
  expect(seen.faults).toEqual([])
  expect(seen.reads).toBeGreaterThan(1000)
  expect(seen.unfinished).toBeGreaterThan(0)
})

test('a run that is killed leaves no half secret under a real name', async () => {
  const root = project()
  const secrets = [...many(300), ...tls]
  const names = () =>
    existsSync(join(root, 'secrets'))
      ? readdirSync(join(root, 'secrets')).filter((name) => /^s\d+$/.test(name))
      : []
  let interrupted = 0
  for (let kill = 0; kill < 8; kill++) {
    const child = startCommand(program(call(root, secrets)))
    const ended = finished(child)
    // Killed as soon as it has written some more.
    while (names().length <= kill * 30 && child.exitCode === null) await setImmediate()
    child.kill('SIGKILL')
    await ended
    const written = names()
    if (written.length > 0 && written.length < 300) interrupted++
    for (const name of written) {
      expect(readFileSync(join(root, 'secrets', name), 'utf8')).toMatch(/^[0-9a-f]{64}$/)
      expect(access(join(root, 'secrets', name))).toBe(`${reader} 400`)
    }
  }
  expect(interrupted).toBeGreaterThan(0)
  expect((await initSecrets(root, secrets)).ok).toBe(true)
})

test('four runs at once make one content, and pairs that agree', async () => {
  const root = project()
  const secrets = [...many(40), ...tls]
  // They begin together, once each of them is ready.
  const at = `while (Date.now() < ${Date.now() + 4000});`
  const runs = await Promise.all([1, 2, 3, 4].map(() => runAs(root, secrets, { before: at })))
  for (const { path } of secrets) {
    const created = runs.filter(({ report }) =>
      report.secrets.some((secret) => secret.path === path && secret.status === 'created'),
    )
    expect([path, created.length]).toEqual([path, 1])
  }
  expect(runs.every(({ report }) => report.ok)).toBe(true)
  const read = (name: string) => readFileSync(join(root, 'secrets', name), 'utf8')
  const ca = parseCertificate(read('tls-ca'))!
  const certificate = parseCertificate(read('tls-cert'))!
  expect(ca.checkPrivateKey(parsePrivateKey(read('tls-ca-key'))!)).toBe(true)
  expect(certificate.checkPrivateKey(parsePrivateKey(read('tls-key'))!)).toBe(true)
  expect(certificate.verify(ca.publicKey)).toBe(true)
})

test('a full disk leaves nothing under the real name', async () => {
  // No disk to fill is needed: a process may be forbidden to write more than so many bytes.
  const root = project()
  const command = program(
    `process.on('SIGXFSZ', () => {}); console.log(JSON.stringify(${call(root, [random('secrets/a', [reader])])}))`,
  )
  writeFileSync(join(root, 'run.sh'), 'ulimit -f 0; exec "$@"')
  const { stdout } = await finished(startCommand(['sh', join(root, 'run.sh'), ...command]))
  expect(JSON.parse(stdout).secrets[0]).toMatchObject({
    status: 'problem',
    message: expect.stringContaining('file too large'),
  })
  expect(readdirSync(join(root, 'secrets'))).toEqual([])
})
