import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { composeProject, describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeFailures } from './diagnose-services.ts'
import { startProject, stopProject } from './start-project.ts'

// A healthcheck that gives up soon.
const soon = { interval: '1s', timeout: '2s', retries: 2 }
const image = 'redis:8-trixie'
const shell = (script: string) => ({ image, entrypoint: ['sh', '-c', script] })

describeEngine('a deployment that does not come up', () => {
  // Below the home directory: not every engine mounts from the system's temporary one.
  const parent = join(homedir(), '.cache')
  mkdirSync(parent, { recursive: true })
  const root = mkdtempSync(join(parent, 'erlmcp-up-'))
  const project = composeProject(root)
  const deployment = { root, file: 'compose.yaml', project: project.name }
  const put = (file: object) => writeFileSync(join(root, 'compose.yaml'), JSON.stringify(file))
  afterAll(async () => {
    put({ services: { none: { image } } })
    await stopProject(deployment, { seconds: 1 })
    rmSync(root, { recursive: true, force: true })
  })

  beforeAll(async () => {
    await ensureImages([image])
  })

  it('is reported for each service, with the likely cause', async () => {
    const ping = (port: number) => ({
      ...soon,
      test: `redis-cli -h 127.0.0.1 -p ${port} ping | grep -q PONG`,
    })
    put({
      services: {
        good: { image, healthcheck: ping(6379) },
        job: shell('exit 0'),
        port: { image, healthcheck: ping(6390) },
        command: {
          image,
          healthcheck: { ...soon, test: ['CMD', 'curl', 'http://127.0.0.1:6379'] },
        },
        password: {
          image,
          command: ['redis-server', '--requirepass', 'right'],
          healthcheck: { ...soon, test: 'redis-cli -a wrong ping | grep -q PONG' },
        },
        memory: { ...shell('tail -c 200000000 /dev/zero | sort'), mem_limit: '24m' },
        waits: { image, depends_on: { port: { condition: 'service_healthy' } } },
      },
    })
    const { ok, services } = await startProject(deployment, { seconds: 60 })
    expect(ok).toBe(false)
    const why = Object.fromEntries(services.map((one) => [one.service, one.likely?.reason]))
    expect(services.filter((one) => one.ok).map(({ service }) => service)).toEqual(['good', 'job'])
    expect(why).toMatchObject({
      port: 'the healthcheck uses port 6390, but it listens on 6379',
      command: expect.stringContaining('the healthcheck cannot run'),
      password: expect.stringContaining('the server has another password: WRONGPASS'),
      memory: expect.stringMatching(/memory/),
      waits: expect.stringContaining('a dependency did not come up'),
    })
    expect(describeFailures(services)).toMatch(
      /^port: running, unhealthy\n {2}likely: the healthcheck uses port/m,
    )
    await stopProject(deployment, { seconds: 1 })
    expect(await project.ps()).toEqual([])
  })

  it('for lack of a secret file or an image, too', async () => {
    put({
      services: { app: { image, secrets: ['pw'] } },
      secrets: { pw: { file: './secrets/pw' } },
    })
    const lost = await startProject(deployment, { seconds: 30 })
    expect(lost.services).toMatchObject([
      {
        ok: false,
        likely: { reason: expect.stringMatching(/the mount source .*secrets\/pw does not exist/) },
      },
    ])
    put({ services: { app: { image: 'localhost:1/erlmcp-nowhere:1' } } })
    const { services } = await startProject(deployment, { seconds: 30 })
    expect(services).toMatchObject([{ service: 'app', ok: false, state: 'has no container' }])
    expect(services[0]!.likely?.reason).toMatch(/erlmcp-nowhere|localhost:1/)
  })
})
