import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stack, synthesize, textFile } from '@erlmcp/core'
import { initSecrets } from '@erlmcp/secrets/run'
import {
  type ComposeProject,
  composeProject,
  describeEngine,
  ensureImages,
  must,
} from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compose, network, type ServiceValue, service } from '../index.ts'
import { postgres, redis } from './index.ts'

const folders: string[] = []

/** What `erlmcp synth` and `erlmcp secrets init` leave in a project with these services. */
async function project(services: readonly ServiceValue[]): Promise<ComposeProject> {
  const root = mkdtempSync(join(tmpdir(), 'erlmcp-services-'))
  folders.push(root)
  const { artifacts, secrets } = synthesize(stack('shop', [compose('compose.yaml', services)]))
  for (const { path, text, mode } of artifacts) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    chmodSync(join(root, path), mode)
  }
  expect(await initSecrets(root, secrets)).toMatchObject({ ok: true })
  return composeProject(root)
}

interface Health {
  readonly Status: string
  readonly Log: readonly { readonly ExitCode: number; readonly Output: string }[]
}

async function healthOf(of: ComposeProject, name: string): Promise<Health> {
  const { State } = await of.inspect(name)
  return (State as typeof State & { Health: Health }).Health
}

/** Waits, at most 90 seconds, for a state of health. */
async function becomes(of: ComposeProject, name: string, status: string): Promise<Health> {
  for (const end = Date.now() + 90_000; Date.now() < end; await sleep(1000)) {
    const health = await healthOf(of, name)
    if (health.Status === status) return health
  }
  throw new Error(`${name} is not ${status}: ${JSON.stringify(await healthOf(of, name))}`)
}

const reading = (name: string) => `"$(cat /run/secrets/${name}-password)"`

describeEngine('postgres and redis', () => {
  const backend = network('backend', { internal: true })
  const db = postgres('postgres', { database: 'shop', user: 'owner', networks: [backend] })
  const cache = redis('redis', { networks: [backend] })
  const client = (name: string, image: 'postgres:17-trixie' | 'redis:8-trixie') =>
    service(name, {
      image,
      user: '999:999',
      command: ['sleep', 'infinity'],
      networks: [backend],
      secrets: [db.password, cache.password],
    })
  let shop: ComposeProject

  const query = (password: string, sql: string, from = 'psql', host = 'postgres') => {
    const line = `PGPASSWORD=${password} psql -wXAth ${host} -U owner shop -c "$1"`
    return shop.exec(from, ['sh', '-c', line, 'sh', sql])
  }
  const ask = async (password: string, command: string, from = 'redis-cli', host = 'redis') => {
    const line = `REDISCLI_AUTH=${password} redis-cli -h ${host} ${command} 2>&1`
    return (await shop.exec(from, ['sh', '-c', line])).stdout.trim()
  }
  const secretFile = (name: string) => join(shop.directory, 'secrets', `${name}-password`)

  beforeAll(async () => {
    await ensureImages(['postgres:17-trixie', 'redis:8-trixie'])
    shop = await project([
      db,
      cache,
      client('psql', 'postgres:17-trixie'),
      client('redis-cli', 'redis:8-trixie'),
    ])
    await shop.up({ wait: true })
  })
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  it('is healthy, publishes nothing and runs without root, capabilities or a writable root', async () => {
    for (const name of ['postgres', 'redis']) {
      expect((await healthOf(shop, name)).Status).toBe('healthy')
      const { HostConfig, Config, Mounts } = await shop.inspect(name)
      expect(HostConfig.PortBindings).toEqual({})
      expect(Config.User).toBe('999:999')
      // Data in a volume without a name would be lost by `down`.
      const volumes = (Mounts as { Type: string; Name?: string }[]).filter(
        ({ Type }) => Type === 'volume',
      )
      expect(volumes).toMatchObject([{ Name: `${shop.name}_${name}-data` }])
      const { stdout } = await shop.exec(name, [
        'sh',
        '-c',
        "grep -E '^(CapEff|NoNewPrivs)' /proc/1/status; touch /file || echo read-only",
      ])
      expect(stdout).toMatch(/CapEff:\s+0+\nNoNewPrivs:\s+1\nread-only/)
    }
  })

  it('lets another container into PostgreSQL with the right password only', async () => {
    const right = await query(reading('postgres'), 'select current_user, current_database()')
    expect(right).toMatchObject({ code: 0, stdout: 'owner|shop\n' })
    const wrong = await query('wrong', 'select 1')
    expect(wrong.code).not.toBe(0)
    expect(wrong.stderr).toContain('password authentication failed')
    expect((await query("''", 'select 1')).stderr).toContain('no password supplied')
    // Over its own loopback, which the image would trust.
    const loopback = await query('wrong', 'select 1', 'postgres', '127.0.0.1')
    expect(loopback.stderr).toContain('password authentication failed')
  })

  it('lets another container into Redis with the right password only', async () => {
    expect(await ask(reading('redis'), 'ping')).toBe('PONG')
    expect(await ask('wrong', 'ping')).toContain('WRONGPASS')
    expect(await ask("''", 'ping')).toContain('NOAUTH')
    expect(await ask("''", 'ping', 'redis', '127.0.0.1')).toContain('NOAUTH')
    expect(await ask(reading('redis'), 'config get maxmemory-policy')).toContain('noeviction')
    expect(await ask(reading('redis'), 'config get appendonly')).toContain('yes')
  })

  it('shows the password neither to docker inspect nor to ps', async () => {
    for (const name of ['postgres', 'redis']) {
      const password = readFileSync(secretFile(name), 'utf8').trim()
      expect(password).toMatch(/^[0-9a-f]{64}$/)
      const inspection = await shop.inspect(name)
      expect(JSON.stringify(inspection)).not.toContain(password)
      expect(await shop.logs(name)).not.toContain(password)
      // A check begins every ten seconds: some are seen at work.
      for (let sample = 0; sample < 40; sample++) {
        const { stdout } = await must(['docker', 'top', inspection.Id, '-eo', 'pid,args'])
        expect(stdout).not.toContain(password)
        await sleep(200)
      }
    }
    const environment = 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"'
    const { stdout } = await shop.exec('redis', ['sh', '-c', environment])
    expect(stdout).toContain('PATH=')
    expect(stdout).not.toContain(readFileSync(secretFile('redis'), 'utf8').trim())
  })

  it('keeps the data over a restart, and over down and up', async () => {
    const password = reading('postgres')
    await query(password, 'create table item as select 42 as id')
    expect(await ask(reading('redis'), 'set item 42')).toBe('OK')
    const kept = async () => {
      expect((await query(password, 'select id from item')).stdout).toBe('42\n')
      expect(await ask(reading('redis'), 'get item')).toBe('42')
    }
    await shop.restart('postgres')
    await shop.restart('redis')
    await kept()
    await must(['docker', 'compose', '--project-name', shop.name, 'down'], {
      cwd: shop.directory,
      timeout: 120_000,
    })
    await shop.up({ wait: true })
    await kept()
  })

  it('is unhealthy when the secret is not the password, and recovers with it', async () => {
    const right = new Map<string, string>()
    for (const name of ['postgres', 'redis']) {
      right.set(name, readFileSync(secretFile(name), 'utf8'))
      writeFileSync(secretFile(name), 'wrong\n')
    }
    const lastOutput = async (name: string) =>
      (await becomes(shop, name, 'unhealthy')).Log.at(-1)?.Output
    expect(await lastOutput('postgres')).toContain('password authentication failed')
    expect(await lastOutput('redis')).toContain('WRONGPASS')
    for (const [name, text] of right) writeFileSync(secretFile(name), text)
    for (const name of right.keys()) await becomes(shop, name, 'healthy')
  })

  it('stops by itself, well within the grace period', async () => {
    for (const name of ['postgres', 'redis']) {
      expect(await shop.stop(name)).toBeLessThan(20_000)
      expect((await shop.inspect(name)).State.ExitCode).toBe(0)
    }
    expect(await shop.logs('postgres')).toContain('database system is shut down')
    expect(await shop.logs('redis')).toContain('bye bye')
    await shop.down()
  })

  it('is not healthy while the first start runs its files', async () => {
    const slow = await project([
      postgres('postgres', {
        database: 'shop',
        init: [
          textFile('db/schema.sql', 'create table item (id int);\n'),
          textFile('db/slow.sh', '#!/bin/sh\necho initializing\nsleep 15\n', { mode: 0o755 }),
        ],
      }),
    ])
    await slow.up()
    let log = ''
    while (!log.includes('init process complete')) {
      const { Status } = await healthOf(slow, 'postgres')
      log = await slow.logs('postgres')
      if (!log.includes('init process complete')) expect(Status).toBe('starting')
      await sleep(300)
    }
    expect(log).toContain('initializing')
    const { Log } = await becomes(slow, 'postgres', 'healthy')
    expect(Log.some(({ ExitCode }) => ExitCode !== 0)).toBe(true)
    const line = 'psql -XAt -U shop shop -c "select count(*) from item"'
    expect((await slow.exec('postgres', ['sh', '-c', line])).stdout).toBe('0\n')
    await slow.down()
  })

  it('takes a password of any characters into Redis', async () => {
    const odd = await project([redis('redis')])
    writeFileSync(join(odd.directory, 'secrets/redis-password'), `a "b' $c \\ #d >é\n`)
    await odd.up({ wait: true })
    expect((await healthOf(odd, 'redis')).Status).toBe('healthy')
    const line = `REDISCLI_AUTH=${reading('redis')} redis-cli ping`
    expect((await odd.exec('redis', ['sh', '-c', line])).stdout.trim()).toBe('PONG')
    await odd.down()
  })
})
