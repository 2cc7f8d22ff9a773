import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { composeProject, describeEngine, ensureImages, must, run } from './index.ts'

const composeFile = `
services:
  web:
    build:
      dockerfile_inline: |
        FROM debian:trixie-slim
        RUN echo built > /built
    init: true
    command: [sh, -c, 'echo "$$GREETING"; exec sleep infinity']
    environment: { GREETING: '\${GREETING}' }
    volumes: ['data:/data']
    stop_grace_period: 5s
  tools:
    image: debian:trixie-slim
    profiles: [tools]
    command: sleep infinity
volumes: { data: {} }
`

/** All that compose has made for a project, images included. */
async function remains(project: string): Promise<string> {
  const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${project}`]
  const lists = [
    ['ps', '--all'],
    ['network', 'ls'],
    ['volume', 'ls'],
    ['image', 'ls'],
  ]
  const found = await Promise.all(lists.map((list) => must(['docker', ...list, ...filter])))
  return found.map(({ stdout }) => stdout).join('')
}

describeEngine('a compose project', () => {
  const directory = mkdtempSync(join(tmpdir(), 'compose-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  beforeAll(async () => {
    writeFileSync(join(directory, 'compose.yaml'), composeFile)
    await ensureImages(['debian:trixie-slim'])
  }, 300_000)

  it('builds, starts, is looked at, restarts, stops and leaves nothing', async () => {
    const env = { GREETING: 'good day' }
    const project = composeProject(directory, { profiles: ['tools'], env })
    await project.build()
    await project.up({ wait: true })
    expect(await project.exec('web', ['cat', '/built'])).toMatchObject({
      code: 0,
      stdout: 'built\n',
    })
    expect(await project.exec('web', ['sh', '-c', 'exit 7'])).toMatchObject({ code: 7 })
    expect(await project.run('web', ['cat'], { input: 'read' })).toMatchObject({ stdout: 'read' })
    expect(await project.logs('web')).toBe('good day\n')
    expect((await project.ps()).map(({ Service, State }) => [Service, State]).sort()).toEqual([
      ['tools', 'running'],
      ['web', 'running'],
    ])
    expect((await project.inspect('web')).HostConfig.Init).toBe(true)
    await project.restart('web')
    expect(await project.stop('web')).toBeLessThan(5_000)
    await project.down()
    await project.down()
    expect(await remains(project.name)).toBe('')
  })

  it('tells the logs of a service that does not come up', async () => {
    writeFileSync(
      join(directory, 'broken.yaml'),
      `services: { web: { image: 'debian:trixie-slim', command: [sh, -c, 'echo out of luck; exit 3'] } }`,
    )
    const project = composeProject(directory, { file: 'broken.yaml' })
    await expect(project.up({ wait: true })).rejects.toThrow('out of luck')
  })

  it('is removed even when its directory is gone', async () => {
    const gone = mkdtempSync(join(tmpdir(), 'gone-'))
    writeFileSync(join(gone, 'compose.yaml'), composeFile)
    const project = composeProject(gone, { profiles: ['tools'], env: { GREETING: 'gone' } })
    await project.up({ wait: true, build: true })
    rmSync(gone, { recursive: true })
    await project.down()
    expect(await remains(project.name)).toBe('')
  })

  it('never has the name of another', () => {
    expect(composeProject(directory).name).not.toBe(composeProject(directory).name)
  })

  it('is removed after a test that throws', async () => {
    const abandoned = fileURLToPath(new URL('../fixtures', import.meta.url))
    const { code, stdout } = await run(
      ['npx', 'vitest', 'run', '--root', abandoned, 'throws', '--testTimeout', '60000'],
      { cwd: abandoned, env: { PROJECT: directory, NO_COLOR: '1' }, timeout: 120_000 },
    )
    expect(code).not.toBe(0)
    expect(stdout).toContain('1 engine test ran, 1 failed')
    const name = /started (\S+)/.exec(stdout)?.[1]
    expect(await remains(name ?? 'no name')).toBe('')
  })

  it('is removed after its process was killed', async () => {
    const script = fileURLToPath(new URL('../fixtures/abandon.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const name = await new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => resolve(text.trim()))
    })
    expect(await remains(name)).not.toBe('')
    child.kill('SIGKILL')
    await expect.poll(() => remains(name), { timeout: 60_000, interval: 500 }).toBe('')
  })
})
