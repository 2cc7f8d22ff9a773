import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { composeProject, describeEngine, ensureImages, must, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bases, cli, copyExample } from './testing/example.ts'
import { mcpClient } from './testing/mcp.ts'
import { describeMonitoring } from './testing/monitoring.ts'
import { monitoringImages } from './testing/monitoring-files.ts'

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
    JAEGER_PORT: '0',
    REVISION: '0123abc',
  }

  beforeAll(async () => {
    await ensureImages([...bases, ...monitoringImages])
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

    const mcp = mcpClient(async () => `http://${await project.port('erlmcp', 8080)}`)

    it('says in its labels what the environment said at the build', async () => {
      const { Config } = await project.inspect('erlmcp')
      expect(Config.Labels).toMatchObject({
        'org.opencontainers.image.revision': '0123abc',
        'org.opencontainers.image.created': '1970-01-01T00:00:00Z',
      })
    })

    it('says hello as the protocol wants it', async () => {
      const response = await mcp.initialize()
      expect(await response.json()).toMatchObject({
        id: 1,
        result: { protocolVersion: '2025-06-18', serverInfo: { name: 'erlmcp' } },
      })
      const id = response.headers.get('mcp-session-id')!
      expect((await mcp.send({ method: 'notifications/initialized' }, id)).status).toBe(202)
    })

    it('answers an MCP session, and its tools use both stores', async () => {
      const id = await mcp.session()
      expect(await mcp.tools(id)).toEqual(
        expect.arrayContaining(['echo', 'note_add', 'note_list', 'counter_increment']),
      )
      expect(
        await mcp.call(id, 'note_add', { text: "Robert'); DROP TABLE notes;--" }),
      ).not.toMatchObject({ isError: true })
      expect((await mcp.call(id, 'note_list', {})).content[0]!.text).toContain(
        "Robert'); DROP TABLE",
      )
      expect(
        (await mcp.call(id, 'counter_increment', { name: 'visits' })).content[0]!.text,
      ).toContain('1')
      expect(await (await mcp.send({ id: 4, method: 'no/such' }, id)).json()).toMatchObject({
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

    it('runs unprivileged: no root, no capabilities, no new privileges, nothing to write on', async () => {
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

    describeMonitoring(() => ({ project, folder, mcp }))

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
      const id = await mcp.session()
      await expect
        .poll(async () => (await mcp.call(id, 'note_list', {})).content[0]!.text, {
          timeout: 30_000,
        })
        .toContain("Robert'); DROP TABLE")
      expect(
        (await mcp.call(id, 'counter_increment', { name: 'visits' })).content[0]!.text,
      ).toContain('2')
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
    it('has a shell with rebar3 on the workspace, as an unprivileged user', async () => {
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
