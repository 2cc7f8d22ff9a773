import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { composeProject, describeEngine, ensureImages, must, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../examples/erlmcp/monitoring.ts'
import { bases, cli, copyExample } from './testing/example.ts'

// The reference deployment, from its synthesized files alone, on a real engine.

/** A copy with its secrets made. */
async function checkout(): Promise<string> {
  const folder = copyExample()
  await must([process.execPath, cli, 'secrets', 'init'], { cwd: folder })
  return folder
}

const files = ['docker-compose.yml', 'docker-compose.prod.yml']

describeEngine('the reference deployment', () => {
  let folder: string
  // Port 0 is any free one: two runs on one machine do not meet.
  const env = {
    ERLMCP_PORT: '0',
    ERLMCP_TLS_PORT: '0',
    ERLMCP_HEALTH_PORT: '0',
    ERLMCP_DEV_PORT: '0',
    PROMETHEUS_PORT: '0',
    ALERTMANAGER_PORT: '0',
    REVISION: '0123abc',
  }

  beforeAll(async () => {
    await ensureImages([...bases, 'prom/prometheus:v3.13.5', 'prom/alertmanager:v0.34.2'])
    folder = await checkout()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe('its files, to the tools of Docker', () => {
    it.each(files)('%s passes docker compose config without a warning', async (file) => {
      const done = await must(['docker', 'compose', '-f', file, '--profile', '*', 'config', '-q'], {
        cwd: folder,
      })
      expect(done.stdout + done.stderr).toBe('')
    })

    it('the stack file passes docker stack config without a warning', async () => {
      const { stderr } = await must(
        ['docker', 'stack', 'config', '-c', 'docker-compose.swarm.yml'],
        { cwd: folder },
      )
      expect(stderr).toBe('')
    })

    it('the Dockerfile passes the checks of BuildKit', async () => {
      const { stdout, stderr } = await must(['docker', 'buildx', 'build', '--check', '.'], {
        cwd: folder,
      })
      expect(stdout + stderr).toContain('no warnings found')
    })

    it('the Dockerfile passes hadolint', async (context) => {
      const there = await run(['sh', '-c', 'command -v hadolint'])
      if (there.code !== 0 && process.env.ERLMCP_ENGINE !== 'required')
        context.skip('no hadolint on this machine')
      const { stdout } = await must(['hadolint', '--no-fail', 'Dockerfile'], { cwd: folder })
      expect(stdout).toBe('')
    })
  })

  describe('in production', () => {
    let project: ReturnType<typeof composeProject>

    beforeAll(async () => {
      project = composeProject(folder, { file: 'docker-compose.prod.yml', env })
      await project.up({ build: true, wait: true })
    })

    async function mcp(message: object, session?: string): Promise<Response> {
      return fetch(`http://${await project.port('erlmcp', 8080)}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(session && { 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' }),
        },
        body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      })
    }

    it('says in its labels what the environment said at the build', async () => {
      const { Config } = await project.inspect('erlmcp')
      expect(Config.Labels).toMatchObject({
        'org.opencontainers.image.revision': '0123abc',
        'org.opencontainers.image.created': '1970-01-01T00:00:00Z',
      })
    })

    async function session(): Promise<string> {
      const params = {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      }
      const response = await mcp({ id: 1, method: 'initialize', params })
      expect(await response.json()).toMatchObject({
        id: 1,
        result: { protocolVersion: '2025-06-18', serverInfo: { name: 'erlmcp' } },
      })
      const id = response.headers.get('mcp-session-id')!
      expect((await mcp({ method: 'notifications/initialized' }, id)).status).toBe(202)
      return id
    }

    async function call(
      id: string,
      name: string,
      args: object,
    ): Promise<{ content: { text: string }[]; isError?: boolean }> {
      const response = await mcp(
        { id: 2, method: 'tools/call', params: { name, arguments: args } },
        id,
      )
      return ((await response.json()) as { result: never }).result
    }

    it('answers an MCP session, and its tools use both stores', async () => {
      const id = await session()
      const listed = (await (await mcp({ id: 3, method: 'tools/list' }, id)).json()) as {
        result: { tools: { name: string }[] }
      }
      expect(listed.result.tools.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['echo', 'note_add', 'note_list', 'counter_increment']),
      )
      expect(
        await call(id, 'note_add', { text: "Robert'); DROP TABLE notes;--" }),
      ).not.toMatchObject({ isError: true })
      expect((await call(id, 'note_list', {})).content[0]!.text).toContain("Robert'); DROP TABLE")
      expect((await call(id, 'counter_increment', { name: 'visits' })).content[0]!.text).toContain(
        '1',
      )
      expect(await (await mcp({ id: 4, method: 'no/such' }, id)).json()).toMatchObject({
        error: { code: -32601 },
      })
    })

    it('answers over TLS with a certificate of its own authority', async () => {
      const port = (await project.port('erlmcp', 8443)).split(':')[1]!
      const { stdout } = await must(
        [
          'openssl',
          's_client',
          '-connect',
          `127.0.0.1:${port}`,
          '-servername',
          'localhost',
          '-CAfile',
          join(folder, 'secrets/tls-ca'),
          '-verify_return_error',
          '-brief',
        ],
        { input: '' },
      ).then((done) => ({ stdout: done.stdout + done.stderr }))
      expect(stdout).toMatch(/Verification: OK/)
    })

    it('tells live from ready', async () => {
      const at = `http://${await project.port('erlmcp', 9090)}`
      expect((await fetch(`${at}/health/live`)).status).toBe(200)
      expect((await fetch(`${at}/health/ready`)).status).toBe(200)
    })

    it('runs as nobody special: no root, no capabilities, no new privileges, nothing to write on', async () => {
      const status = await project.exec('erlmcp', [
        'sh',
        '-c',
        'id -u; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status',
      ])
      expect(status.stdout).toMatch(/^1000\n/)
      expect(status.stdout).toMatch(/CapEff:\s+0000000000000000/)
      expect(status.stdout).toMatch(/NoNewPrivs:\s+1/)
      const write = await project.exec('erlmcp', ['sh', '-c', 'echo x > /opt/erlmcp/x'])
      expect(write.stderr).toMatch(/Read-only file system/)
    })

    it('speaks to its operator: ctl eval and every level of health', async () => {
      const evaluated = await project.exec('erlmcp', ['/opt/erlmcp/bin/ctl', 'eval', '1 + 1.'])
      expect(evaluated).toMatchObject({ code: 0, stdout: '2\n' })
      const health = await project.exec('erlmcp', [
        '/opt/erlmcp/bin/health',
        'live',
        'ready',
        'cluster',
      ])
      expect(health.code).toBe(0)
    })

    describe('watched by Prometheus', () => {
      beforeAll(() => project.up({ wait: true, services: ['prometheus', 'alertmanager'] }))

      const ask = async <Data>(path: string): Promise<Data> => {
        const response = await fetch(
          `http://${await project.port('prometheus', 9090)}/api/v1/${path}`,
        )
        return ((await response.json()) as { data: Data }).data
      }
      const query = async (expression: string) =>
        (await ask<{ result: unknown[] }>(`query?query=${encodeURIComponent(expression)}`)).result

      it('is scraped, as is everything else that runs', async () => {
        const health = async () => {
          const { activeTargets } = await ask<{
            activeTargets: { labels: { job: string }; health: string }[]
          }>('targets')
          return Object.fromEntries(activeTargets.map(({ labels, health }) => [labels.job, health]))
        }
        // The collector's image has no stand-in: its target stays down, and Prometheus sees that.
        await expect.poll(health, { timeout: 60_000, interval: 1000 }).toEqual({
          erlmcp: 'up',
          prometheus: 'up',
          alertmanager: 'up',
          'otel-collector': 'down',
        })
      })

      it('exports what the catalogue says: names, kinds, labels and help', async () => {
        const id = await session()
        await call(id, 'echo', { text: 'hello' })
        await mcp({ id: 5, method: 'no/such' }, id)
        const of = (kind: string) => (kind === 'histogram' ? '_count' : '')
        const exported = async () => {
          type Metadata = Record<string, { type: string; help: string }[]>
          const known = await ask<Metadata>('metadata')
          const found = Object.keys(known).filter((name) => /^erl(mcp|ang_vm)_/.test(name))
          const rows = found.map(async (name) => {
            const { type, help } = known[name]![0]!
            const match = encodeURIComponent(`${name}${of(type)}{job="erlmcp"}`)
            const labels = await ask<string[]>(`labels?match[]=${match}`)
            const own = labels.filter((label) => label !== '__name__').sort()
            return [name, { type, help, labels: own }] as const
          })
          return Object.fromEntries(await Promise.all(rows))
        }
        const declared = Object.values(catalogue).map(({ name, type, help, labels }) => {
          return [name, { type, help, labels: [...labels].sort() }] as const
        })
        await expect
          .poll(exported, { timeout: 60_000, interval: 2000 })
          .toEqual(Object.fromEntries(declared))
      })

      it('has an answer for every line of every dashboard', async () => {
        const id = await session()
        const { panels } = JSON.parse(
          readFileSync(join(folder, 'docker/grafana/erlmcp.json'), 'utf8'),
        ) as { panels: { title: string; targets: { expr: string }[] }[] }
        const lines = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
        expect(lines.length).toBeGreaterThanOrEqual(Object.keys(catalogue).length)
        const unanswered = async () => {
          await call(id, 'echo', { text: 'hello' })
          await mcp({ id: 6, method: 'no/such' }, id)
          const answers = await Promise.all(lines.map(query))
          return lines.filter((_, index) => answers[index]!.length === 0)
        }
        await expect.poll(unanswered, { timeout: 90_000, interval: 3000 }).toEqual([])
      })

      it('notices the collector that is not there, and knows whom to tell', async () => {
        const pending = () => query('ALERTS{alertname="TargetDown",job="otel-collector"}')
        await expect.poll(pending, { timeout: 45_000, interval: 1000 }).toHaveLength(1)
        const managers = await ask<{ activeAlertmanagers: unknown[] }>('alertmanagers')
        expect(managers.activeAlertmanagers).toHaveLength(1)
      })
    })

    it('its image is small', async () => {
      const { stdout } = await must([
        'docker',
        'image',
        'inspect',
        '-f',
        '{{.Size}}',
        'erlmcp:3.0.0',
      ])
      console.log(`runtime image: ${(Number(stdout) / 1e6).toFixed(1)} MB`)
      expect(Number(stdout)).toBeLessThan(110e6)
    })

    it('its database and cache take the right password and refuse a wrong one', async () => {
      const psql = (password: string) =>
        project.exec('postgres', [
          'sh',
          '-c',
          `PGPASSWORD="${password}" psql -h postgres -U erlmcp -d erlmcp -Atc 'select 41 + 1'`,
        ])
      expect(await psql('$(cat /run/secrets/postgres-password)')).toMatchObject({
        code: 0,
        stdout: '42\n',
      })
      const refused = await psql('wrong')
      expect(refused.code).not.toBe(0)
      expect(refused.stderr).toContain('password authentication failed')
      const redis = (password: string) =>
        project.exec('redis', ['sh', '-c', `REDISCLI_AUTH="${password}" redis-cli -h redis ping`])
      expect((await redis('$(cat /run/secrets/redis-password)')).stdout.trim()).toBe('PONG')
      const no = await redis('wrong')
      expect(no.stdout + no.stderr).toMatch(/WRONGPASS|NOAUTH/)
    })

    it('keeps its data over a restart', async () => {
      for (const service of ['postgres', 'redis']) await project.restart(service)
      await project.restart('erlmcp')
      const id = await session()
      await expect
        .poll(async () => (await call(id, 'note_list', {})).content[0]!.text, { timeout: 30_000 })
        .toContain("Robert'); DROP TABLE")
      expect((await call(id, 'counter_increment', { name: 'visits' })).content[0]!.text).toContain(
        '2',
      )
    })

    it('stops within its grace period', async () => {
      const took = await project.stop('erlmcp')
      console.log(`stopped in ${took} ms`)
      expect(took).toBeLessThan(30_000)
      expect((await project.inspect('erlmcp')).State).toMatchObject({ OOMKilled: false })
      expect((await project.inspect('erlmcp')).State.ExitCode).not.toBe(137)
    })
  })

  describe('for development', () => {
    it('has a shell with rebar3 on the workspace, as nobody special', async () => {
      const project = composeProject(folder, { file: 'docker-compose.yml', profiles: ['dev'], env })
      await project.up({ build: true, wait: true })
      expect((await project.exec('erlmcp-dev', ['id', '-u'])).stdout).toBe('1000\n')
      const compiled = await project.exec('erlmcp-dev', ['rebar3', 'compile'], { timeout: 240_000 })
      expect(compiled.stdout + compiled.stderr).toContain('Compiling erlmcp')
      expect(compiled.code).toBe(0)
      await project.down()
    })
  })
})
