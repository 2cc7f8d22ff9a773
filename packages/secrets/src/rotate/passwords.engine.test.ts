import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { compose, network } from '@erlmcp/compose'
import { postgres, redis } from '@erlmcp/compose/services'
import { stack, synthesize } from '@erlmcp/core'
import { composeProject, describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkSecrets } from '../check/check-secrets.ts'
import { initSecrets } from '../init-secrets.ts'
import { overwriteFile } from './overwrite-file.ts'
import { finishRotation, rotateSecrets } from './rotate-secrets.ts'

const backend = network('backend', { internal: true })
const db = postgres('db', { database: 'shop', networks: [backend] })
const cache = redis('cache', { networks: [backend] })

/** Asks until ten times after the test has had enough, and prints how often the answer was right, and wrong. */
const loop = (ask: string, right: string) => `ok=0 bad=0 more=10
until [ $more = 0 ]; do
  if [ -e /tmp/enough ]; then more=$((more-1)); fi
  reply=$(${ask} 2>&1)
  if [ "$reply" = '${right}' ]; then ok=$((ok+1)); else bad=$((bad+1)); echo "$reply" >&2; fi
  touch /tmp/asks.$$
done
echo $ok $bad`
const ping = 'redis-cli -h 127.0.0.1 ping'
const select = "psql -h 127.0.0.1 -U shop -d shop --no-psqlrc -w -tA -c 'select 1'"

describeEngine('passwords change while clients ask', () => {
  // Below the home directory: not every engine mounts from the system's temporary one.
  const parent = join(homedir(), '.cache')
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, 'erlmcp-rotate-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  const { artifacts, secrets } = synthesize(stack('shop', [compose('compose.yaml', [db, cache])]))
  const project = composeProject(directory)
  const read = (path: string) => readFileSync(join(directory, path), 'utf8').trim()

  beforeAll(async () => {
    await ensureImages(['postgres:17-trixie', 'redis:8-trixie'])
    for (const { path, text } of artifacts) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), text)
    }
    expect((await initSecrets(directory, secrets)).ok).toBe(true)
    await project.up({ wait: true })
  })

  /** Starts a client in the container; the answer counts what it got. */
  function client(service: string, script: string) {
    const told = project.exec(service, ['sh', '-c', script], { timeout: 60_000 })
    return async () => {
      const { stdout, stderr } = await told
      const [ok, bad] = stdout.trim().split(' ').map(Number)
      return { ok, bad, stderr }
    }
  }
  /** Both clients have had an answer, so they have begun with the old password. */
  const begun = (service: string) =>
    expect
      .poll(() => project.exec(service, ['sh', '-c', 'ls /tmp/asks.* | wc -l']), {
        timeout: 20_000,
      })
      .toMatchObject({ stdout: '2\n' })
  const say = async (service: string, variable: string, password: string, command: string) => {
    const script = `IFS= read -r ${variable}; export ${variable}; ${command} </dev/null 2>&1`
    return (await project.exec(service, ['sh', '-c', script], { input: `${password}\n` })).stdout
  }

  it('of Redis: no client fails, whichever it has; in the end the old is refused', async () => {
    const file = '/run/secrets/cache-password'
    const old = read('secrets/cache-password')
    const reads = client('cache', loop(`REDISCLI_AUTH=$(cat ${file}) ${ping}`, 'PONG'))
    const remembers = client(
      'cache',
      `old=$(cat ${file}); ${loop(`REDISCLI_AUTH=$old ${ping}`, 'PONG')}`,
    )
    await begun('cache')
    const report = await rotateSecrets(directory, secrets, { which: ['cache-password'] })
    expect(report).toMatchObject({ open: true, resumed: false })
    expect(report.rotated[0]!.servers).toEqual([expect.stringMatching(/^redis in .*cache/)])
    await project.exec('cache', ['touch', '/tmp/enough'])
    for (const counted of [await reads(), await remembers()]) {
      expect(counted).toMatchObject({ bad: 0, stderr: '' })
      expect(counted.ok).toBeGreaterThan(10)
    }
    const ask = (password: string) => say('cache', 'REDISCLI_AUTH', password, ping)
    expect(await ask(old)).toBe('PONG\n')
    expect(await finishRotation(directory, secrets)).toBe(true)
    expect(await ask(old)).toMatch(/WRONGPASS/)
    expect(await ask(read('secrets/cache-password'))).toBe('PONG\n')
    await project.restart('cache')
    expect(await ask(old)).toMatch(/WRONGPASS/)
    expect(await ask(read('secrets/cache-password'))).toBe('PONG\n')
  })

  it('of PostgreSQL: sessions stay, and who comes at the moment is let in when it asks again', async () => {
    const file = '/run/secrets/db-password'
    const old = read('secrets/db-password')
    const fresh = `PGPASSWORD=$(cat ${file}) ${select}`
    const again = client('db', loop(`${fresh} || { sleep 0.1; ${fresh} 2>&1; } 2>/dev/null`, '1'))
    const pooled = client(
      'db',
      `export PGPASSWORD=$(cat ${file})
      more=10
      until [ $more = 0 ]; do
        if [ -e /tmp/enough ]; then more=$((more-1)); fi
        echo 'select 1;'; sleep 0.02
        if [ -s /tmp/answers ]; then touch /tmp/asks.pool; fi
      done | ${select.replace(/-c .*/, '-v ON_ERROR_STOP=1')} >/tmp/answers
      ended=$?
      echo $(grep -c '^1$' /tmp/answers) $ended`,
    )
    await begun('db')
    const report = await rotateSecrets(directory, secrets, { which: ['db-password'] })
    expect(report.rotated[0]!.servers).toEqual([expect.stringMatching(/^postgres in .*db/)])
    await project.exec('db', ['touch', '/tmp/enough'])
    for (const counted of [await again(), await pooled()]) {
      expect(counted).toMatchObject({ bad: 0 })
      expect(counted.ok).toBeGreaterThan(10)
    }
    const ask = (password: string) => say('db', 'PGPASSWORD', password, select)
    expect(await ask(read('secrets/db-password'))).toBe('1\n')
    expect(await ask(old)).toMatch(/password authentication failed/)
    expect(await finishRotation(directory, secrets)).toBe(true)
    await project.restart('db')
    expect(await ask(read('secrets/db-password'))).toBe('1\n')
  })

  it('are tried by the check, and a wrong one is named', async () => {
    expect(await checkSecrets(directory, secrets)).toMatchObject({ ok: true, asked: true })
    for (const [name, server] of [
      ['db-password', 'PostgreSQL'],
      ['cache-password', 'Redis'],
    ] as const) {
      const file = join(directory, 'secrets', name)
      const right = read(`secrets/${name}`)
      await overwriteFile(file, 'e1'.repeat(32))
      const { ok, secrets: checked } = await checkSecrets(directory, secrets)
      await overwriteFile(file, right)
      expect(ok).toBe(false)
      expect(checked.filter(({ status }) => status === 'problem')).toMatchObject([
        { path: `secrets/${name}`, message: expect.stringContaining(`${server} in `) },
      ])
    }
    expect(await checkSecrets(directory, secrets)).toMatchObject({ ok: true })
  })

  it('of PostgreSQL: killed between file and server, the next run tells the server', async () => {
    const next = 'f0'.repeat(32)
    const change = { path: 'secrets/db-password', old: read('secrets/db-password'), next }
    const file = join(directory, 'secrets/db-password')
    writeFileSync(
      join(directory, 'secrets/.erlmcp-rotation'),
      JSON.stringify({ state: 'begun', changes: [change] }),
      { mode: 0o400 },
    )
    await overwriteFile(file, next)
    const ask = (password: string) => say('db', 'PGPASSWORD', password, select)
    expect(await ask(next)).toMatch(/password authentication failed/)
    const report = await rotateSecrets(directory, secrets, { which: ['db-password'] })
    expect(report).toMatchObject({ resumed: true, open: true })
    expect(await ask(next)).toBe('1\n')
    expect(await finishRotation(directory, secrets)).toBe(true)
  })
})
