import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composeProject, describeEngine, ensureImages, must, run, runLabel } from './index.ts'

const debian = 'debian:trixie-slim'
const erlang = 'erlang:28.3.1-slim'
const erlangFull = 'erlang:28.3.1'
const postgres = 'postgres:17-trixie'
const redis = 'redis:8-trixie'
const traefik = 'traefik:v3.7.15'
const haproxy = 'haproxy:3.0'
const collector = 'otel/opentelemetry-collector:0.165.0'
const jaeger = 'jaegertracing/jaeger:2.13.0'

const composeFile = `
services:
  database:
    image: ${postgres}
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: erlmcp
      POSTGRES_PASSWORD_FILE: /run/secrets/password
    secrets: [password]
    volumes: ['data:/var/lib/postgresql/data', './init:/docker-entrypoint-initdb.d:ro']
    healthcheck: &ready
      test: [CMD, pg_isready, -h, 127.0.0.1]
      interval: 1s
      retries: 60
  hardened:
    image: ${postgres}
    user: '999:999'
    read_only: true
    cap_drop: [ALL]
    security_opt: ['no-new-privileges=true']
    tmpfs: [/tmp, '/var/run/postgresql:uid=999,gid=999,mode=0775']
    environment: { POSTGRES_PASSWORD: other }
    healthcheck: *ready
  cache:
    image: ${redis}
    command: [--requirepass, right one, --appendonly, 'yes']
    volumes: ['cache:/data']
    healthcheck:
      test: [CMD, redis-cli, ping]
      interval: 1s
secrets:
  password: { file: ./password }
volumes: { data: {}, cache: {} }
`

/** A container that is gone when its command has ended. */
const once = (...argv: readonly string[]) =>
  run(['docker', 'run', '--rm', '--label', runLabel(), ...argv], { timeout: 120_000 })

describeEngine('stand-in images', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stand-ins-'))
  const project = composeProject(directory)
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  beforeAll(async () => {
    const programs = [traefik, haproxy, collector, jaeger]
    await ensureImages([debian, erlang, erlangFull, postgres, redis, ...programs])
    const init = join(directory, 'init')
    mkdirSync(init)
    writeFileSync(join(init, '1-table.sql'), 'CREATE TABLE seen (what text);')
    writeFileSync(
      join(init, '2-shell.sh'),
      `psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "INSERT INTO seen VALUES ('sh')"`,
    )
    writeFileSync(join(init, '3-zip.sql.gz'), gzipSync(`INSERT INTO seen VALUES ('gz');`))
    writeFileSync(join(init, '4-slow.sql'), 'SELECT pg_sleep(4);')
    writeFileSync(join(directory, 'password'), 'right one\n')
    writeFileSync(join(directory, 'compose.yaml'), composeFile)
  }, 1_200_000)

  describe('postgres', () => {
    const sql = (password: string, statement: string) =>
      project.exec('database', [
        ...['env', `PGPASSWORD=${password}`, 'psql', '-h', 'database', '-U', 'app', '-d', 'erlmcp'],
        ...['-Atc', statement],
      ])
    const ready = async (...flags: readonly string[]) =>
      (await project.exec('database', ['pg_isready', ...flags])).code === 0

    it('is reached by the socket alone while it initializes', async () => {
      await project.up({ services: ['database'] })
      await expect.poll(() => ready(), { timeout: 60_000, interval: 100 }).toBe(true)
      expect(await ready('-h', '127.0.0.1')).toBe(false)
      await project.up({ wait: true, services: ['database'] })
      expect(await ready('-h', 'database')).toBe(true)
    })

    it('accepts the password of the file over TCP, and no other', async () => {
      expect(await sql('right one', 'SELECT 1')).toMatchObject({ code: 0, stdout: '1\n' })
      const refused = await sql('wrong one', 'SELECT 1')
      expect(refused.code).not.toBe(0)
      expect(refused.stderr).toContain('password authentication failed')
    })

    it('has run the scripts of /docker-entrypoint-initdb.d, in order', async () => {
      expect(await sql('right one', 'SELECT what FROM seen')).toMatchObject({ stdout: 'sh\ngz\n' })
    })

    it('keeps its data and its password over a new container', async () => {
      await sql('right one', `INSERT INTO seen VALUES ('kept')`)
      await must(['docker', 'rm', '-f', (await project.inspect('database')).Id])
      await project.up({ wait: true, services: ['database'] })
      expect((await sql('right one', 'SELECT what FROM seen')).stdout).toContain('kept')
      expect((await sql('wrong one', 'SELECT 1')).code).not.toBe(0)
    })

    it('steps down from root, and stops fast', async () => {
      const { stdout } = await project.exec('database', ['stat', '-c', '%u:%g', '/proc/1'])
      expect(stdout).toBe('999:999\n')
      expect(await project.stop('database')).toBeLessThan(8_000)
    })

    it('runs hardened, as 999:999', async () => {
      await project.up({ wait: true, services: ['hardened'] })
      const { stdout } = await project.exec('hardened', [
        'psql',
        '-U',
        'postgres',
        '-Atc',
        'SHOW port',
      ])
      expect(stdout).toBe('5432\n')
    })

    it('refuses to initialize without a password, or with two', async () => {
      const none = await once(postgres)
      expect(none.code).toBe(1)
      expect(none.stderr).toContain('superuser password is not specified')
      const both = await once(
        '-e',
        'POSTGRES_PASSWORD=a',
        '-e',
        'POSTGRES_PASSWORD_FILE=/b',
        postgres,
      )
      expect(both.stderr).toContain('both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are set')
    })

    it('has the client programs on PATH', async () => {
      expect((await once(postgres, 'pg_dump', '--version')).stdout).toContain('(PostgreSQL) 17')
    })
  })

  describe('redis', () => {
    const cli = (password: string, ...argv: readonly string[]) =>
      project.exec('cache', [
        'redis-cli',
        '-h',
        'cache',
        '--no-auth-warning',
        '-a',
        password,
        ...argv,
      ])

    it('takes flags alone as flags of the server', async () => {
      await project.up({ wait: true, services: ['cache'] })
      expect((await cli('right one', 'ping')).stdout).toBe('PONG\n')
      expect((await cli('wrong one', 'ping')).stdout).toContain('NOAUTH')
    })

    it('keeps its data over a restart, and steps down from root', async () => {
      await cli('right one', 'set', 'key', 'kept')
      await project.restart('cache')
      expect((await cli('right one', 'get', 'key')).stdout).toBe('kept\n')
      const { stdout } = await project.exec('cache', ['stat', '-c', '%u:%g %n', '/proc/1', '/data'])
      expect(stdout).toBe('999:999 /proc/1\n999:999 /data\n')
    })
  })

  describe('traefik', () => {
    it('takes a command of its own, flags alone, and another program', async () => {
      expect((await once(traefik, 'version')).stdout).toMatch(/^Version: +3\./m)
      expect((await once(traefik, 'traefik', 'version')).stdout).toMatch(/^Version: +3\./m)
      // Traefik reports an unknown flag, not a shell.
      const { code, stdout, stderr } = await once(traefik, '--no-such-flag')
      expect(code).not.toBe(0)
      expect(stdout + stderr).toContain('command traefik error: flag needs an argument')
      expect((await once(traefik, 'wget', '--help')).stderr).toContain('BusyBox')
    })

    it('reads /etc/traefik/traefik.yml, and runs as an unprivileged user', async () => {
      const files = ['-v', `${directory}/traefik.yml:/etc/traefik/traefik.yml:ro`]
      writeFileSync(
        join(directory, 'traefik.yml'),
        'ping: {}\nentryPoints: { traefik: { address: ":9" } }\n',
      )
      const ask = 'traefik & until traefik healthcheck; do sleep 0.2; done'
      const hardened = ['--user', '65532:65532', '--read-only', '--cap-drop', 'ALL']
      const { code, stdout } = await once(...hardened, ...files, traefik, 'sh', '-c', ask)
      expect([code, stdout]).toEqual([0, expect.stringContaining('OK: http://:9/ping')])
    })
  })

  describe('haproxy', () => {
    it('runs as 99:99, and takes flags alone', async () => {
      expect((await once(haproxy, 'id')).stdout).toMatch(/^uid=99\(haproxy\) gid=99\(haproxy\)/)
      expect((await once(haproxy, '-v')).stdout).toContain('HAProxy version 3.0')
    })

    it('reads haproxy.cfg, runs a master with a worker, and stops softly', async () => {
      const text = `defaults
  mode http
  timeout client 1s
  timeout server 1s
  timeout connect 1s
frontend f
  bind 127.0.0.1:8080
`
      writeFileSync(join(directory, 'haproxy.cfg'), text)
      const name = `haproxy-${process.pid}`
      const volume = ['-v', `${directory}/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro`]
      const label = ['--label', runLabel()]
      await must(['docker', 'run', '-d', '--name', name, ...label, ...volume, haproxy])
      const count = 'cat /proc/[0-9]*/comm | grep -c ^haproxy'
      await expect
        .poll(async () => (await run(['docker', 'exec', name, 'sh', '-c', count])).stdout)
        .toBe('2\n')
      await must(['docker', 'stop', name])
      const state = [
        'docker',
        'inspect',
        '-f',
        '{{.State.ExitCode}} {{.Config.StopSignal}}',
      ] as const
      expect((await must([...state, name])).stdout).toBe('0 SIGUSR1\n')
      await must(['docker', 'rm', name])
    })
  })

  describe('erlang', () => {
    it('has erl and rebar3', async () => {
      const otp = 'io:format("~s", [erlang:system_info(otp_release)]), halt().'
      expect(Number((await once(erlang, 'erl', '-noshell', '-eval', otp)).stdout)).toBeGreaterThan(
        26,
      )
      expect((await once(erlang, 'rebar3', 'version')).stdout).toContain('rebar 3.')
    })

    it('has git, make and a compiler, unless it is slim', async () => {
      const programs = ['sh', '-c', 'command -v git make gcc']
      expect((await once(erlangFull, ...programs)).code).toBe(0)
      expect((await once(erlang, ...programs)).code).not.toBe(0)
    })
  })

  describe('the programs of traces', () => {
    it.each([
      [collector, '["/otelcol"] 10001\n'],
      [jaeger, '["/cmd/jaeger/jaeger-linux"] 10001\n'],
    ])('%s starts its program as an unprivileged user', async (image, printed) => {
      const format = '{{json .Config.Entrypoint}} {{.Config.User}}'
      const { stdout } = await must(['docker', 'image', 'inspect', '-f', format, image])
      expect(stdout).toBe(printed)
    })

    it('the collector has the parts of a pipeline of traces, and nothing else in its image', async () => {
      const { stdout } = await once(collector, 'components')
      for (const part of ['otlp', 'otlp_grpc', 'batch', 'memory_limiter']) {
        expect(stdout).toContain(`name: ${part}\n`)
      }
      expect((await once('--entrypoint', 'sh', collector)).code).not.toBe(0)
    })

    it('Jaeger has its store, its query API, and wget for a healthcheck', async () => {
      const { stdout } = await once(jaeger, 'components')
      for (const part of ['jaeger_storage', 'jaeger_query', 'jaeger_storage_exporter']) {
        expect(stdout).toContain(`name: ${part}\n`)
      }
      expect((await once('--entrypoint', 'wget', jaeger, '--version')).code).toBe(0)
    })
  })

  describe('debian', () => {
    it('installs packages in a build, and is as small as the official image', async () => {
      const dockerfile = `FROM ${debian}\nRUN apt-get update && apt-get install -y --no-install-recommends tini\n`
      const label = ['--label', runLabel(), '--no-cache', '-']
      const build = await must(['docker', 'buildx', 'build', '--load', '--quiet', ...label], {
        input: dockerfile,
        timeout: 300_000,
      })
      expect((await once(build.stdout.trim(), 'tini', '--version')).stdout).toContain('tini')
      const { stdout } = await must(['docker', 'image', 'inspect', '-f', '{{.Size}}', debian])
      expect(Number(stdout)).toBeLessThan(80e6)
    })
  })
})
