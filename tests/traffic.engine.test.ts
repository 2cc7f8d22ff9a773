import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lock } from '@erlmcp/core'
import { composeProject, describeEngine, ensureImages, must, run, runLabel } from '@erlmcp/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bases, cli, copyExample, example } from './testing/example.ts'
import { type Versions, versionsAt } from './testing/versions.ts'

// Blue-green and canary of the reference deployment under load, behind both proxies. With HAProxy it
// is the same stack, with the other function.

const tag = `traffic-${process.pid}`
const env = {
  ERLMCP_PORT: '0',
  ERLMCP_BLUE: `${tag}-old`,
  ERLMCP_STABLE: `${tag}-old`,
  ERLMCP_GREEN: `${tag}-new`,
  ERLMCP_CANARY: `${tag}-new`,
}

interface Report {
  readonly ok: boolean
  readonly message: string
  readonly from: string
  readonly versions: readonly { name: string; weight: number; running: boolean; ready: boolean }[]
}

/** The example as a project of its own, behind the proxy. */
function checkout(proxy: string): string {
  const folder = copyExample()
  const patterns = readFileSync(join(folder, 'traffic.ts'), 'utf8')
  writeFileSync(join(folder, 'traffic.ts'), patterns.replaceAll('traefik', proxy))
  return folder
}

const zero = { failures: [] }
const total = ({ answers }: Versions) => Object.values(answers).reduce((sum, one) => sum + one, 0)

describeEngine('versions behind a proxy', () => {
  const folders: string[] = []

  beforeAll(async () => {
    await ensureImages([...bases, 'traefik:v3.7.15', 'haproxy:3.0'])
    const build = ['docker', 'build', '--quiet', '--label', runLabel()] as const
    const runtime = ['--target', 'runtime', '-t', `erlmcp:${tag}-old`, '-t', `erlmcp:${tag}-new`]
    await must([...build, ...runtime, '.'], { cwd: example, timeout: 900_000 })
    await must([...build, '-t', `erlmcp:${tag}-broken`, '-'], {
      input: `FROM erlmcp:${tag}-old\nENTRYPOINT ["sleep"]\nCMD ["infinity"]\nHEALTHCHECK NONE\n`,
    })
  })
  afterAll(async () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    await run([
      'docker',
      'image',
      'rm',
      ...['old', 'new', 'broken'].map((one) => `erlmcp:${tag}-${one}`),
    ])
  })

  describe.each(['traefik', 'haproxy'])('%s', (proxy) => {
    let folder: string

    const erlmcp = (argv: readonly string[], more: Readonly<Record<string, string>> = {}) =>
      run([process.execPath, cli, ...argv], {
        cwd: folder,
        env: { ...env, ...more },
        timeout: 300_000,
      })
    const running = (pattern: 'bluegreen' | 'canary') => {
      const project = composeProject(folder, { file: `docker-compose.${pattern}.yml`, env })
      const traffic = (...argv: string[]) =>
        erlmcp(['traffic', ...argv, '--name', `erlmcp-${pattern}`, '--project', project.name])
      const told = async (...argv: string[]) => {
        const { code, stdout, stderr } = await traffic(...argv, '--format=json')
        const report: Report = JSON.parse(stdout || JSON.stringify({ message: stderr }))
        const weights = (report.versions ?? []).map(({ weight }) => weight)
        return { code, weights, ...report }
      }
      /** Alive is not ready yet, and the proxy asks twice. */
      const up = async () => {
        await project.up({ wait: true })
        for (const end = Date.now() + 60_000; ; ) {
          const { code, message } = await told('show')
          if (code === 0) return
          if (Date.now() > end) throw new Error(message)
        }
      }
      return {
        project,
        traffic,
        told,
        up,
        load: async () => versionsAt(`http://${await project.port(proxy, 8080)}`),
      }
    }

    beforeAll(async () => {
      folder = checkout(proxy)
      folders.push(folder)
      // The example has Traefik: what HAProxy replaces is known to be gone.
      for (const argv of [
        ['synth', '--acknowledge'],
        ['secrets', 'init'],
      ]) {
        expect(await erlmcp(argv)).toMatchObject({ code: 0 })
      }
    })

    it('has files that Compose takes, and no diagnostic of an error', async () => {
      for (const pattern of ['bluegreen', 'canary']) {
        const words = [
          'docker',
          'compose',
          '-f',
          `docker-compose.${pattern}.yml`,
          'config',
          '-q',
        ] as const
        const { stdout, stderr } = await must(words, { cwd: folder })
        expect(stdout + stderr).toBe('')
      }
      expect(await erlmcp(['check'])).toMatchObject({ code: 0 })
    })

    describe('blue-green', () => {
      let deployed: ReturnType<typeof running>
      let load: ReturnType<typeof versionsAt>
      const live = () =>
        join(folder, 'traffic/erlmcp-bluegreen', proxy === 'traefik' ? 'live.yml' : 'live.cfg')

      beforeAll(async () => {
        deployed = running('bluegreen')
        await deployed.up()
        load = await deployed.load()
      })
      afterAll(() => deployed.project.down())

      it('begins with what the stack says', async () => {
        expect(await deployed.told('show')).toMatchObject({
          code: 0,
          weights: [100, 0],
          from: 'the stack',
        })
        const outcome = await load.times(200)
        expect(outcome).toMatchObject({ ...zero, answers: { blue: 200 } })
      })

      it('loses no request at a switch, and none at the switch back', async () => {
        const outcome = await load.during(80, async () => {
          expect(await deployed.told('switch', 'green')).toMatchObject({
            code: 0,
            weights: [0, 100],
          })
          expect(await deployed.told('switch', '--back')).toMatchObject({
            code: 0,
            weights: [100, 0],
          })
          expect(await deployed.told('switch', '--back')).toMatchObject({
            code: 0,
            weights: [0, 100],
          })
        })
        expect(outcome).toMatchObject(zero)
        expect(total(outcome)).toBe(outcome.sent)
        expect(outcome.rate).toBeGreaterThan(50)
        expect(outcome.answers.blue).toBeGreaterThan(50)
        expect(outcome.answers.green).toBeGreaterThan(50)
        expect((await load.times(200)).answers).toEqual({ green: 200 })
      })

      it('loses none when the old colour is stopped, and starts it again on the way back', async () => {
        const outcome = await load.during(60, async () => {
          const there = await deployed.told('switch', 'green', '--stop', '--grace', '2')
          expect(there).toMatchObject({ code: 0, weights: [0, 100] })
          expect(there.versions.map((one) => one.running)).toEqual([false, true])
          const back = await deployed.told('switch', '--back')
          expect(back).toMatchObject({ code: 0, weights: [100, 0] })
          expect(back.versions.map((one) => one.ready)).toEqual([true, true])
        })
        expect(outcome).toMatchObject(zero)
        expect((await load.times(100)).answers).toEqual({ blue: 100 })
      })

      it('stays as it is when the other colour does not get ready', async () => {
        const before = readFileSync(live(), 'utf8')
        const file = [
          'docker',
          'compose',
          '-p',
          deployed.project.name,
          '-f',
          'docker-compose.bluegreen.yml',
        ] as const
        const recreate = (version: string) =>
          must([...file, 'up', '--detach', '--no-deps', '--no-build', 'erlmcp-green'], {
            cwd: folder,
            env: { ...env, ERLMCP_GREEN: `${tag}-${version}` },
          })
        await recreate('broken')
        const outcome = await load.during(50, async () => {
          const report = await deployed.told('switch', 'green', '--wait', '4')
          expect(report).toMatchObject({ code: 1, ok: false, weights: [100, 0] })
          expect(report.message).toContain(
            'nothing was changed: within 4 s erlmcp-green is not ready',
          )
        })
        expect(outcome).toMatchObject({ ...zero, answers: { blue: outcome.sent } })
        expect(readFileSync(live(), 'utf8')).toBe(before)
        await recreate('new')
      })

      it('is done by one at a time', async () => {
        const held = await lock(join(folder, 'traffic/erlmcp-bluegreen'), 0)
        const { code, stderr } = await deployed.traffic('switch', 'green')
        held.release()
        expect({ code, stderr }).toMatchObject({
          code: 3,
          stderr: expect.stringContaining('is writing'),
        })
        expect(await deployed.told('show')).toMatchObject({ code: 0, weights: [100, 0] })
      })

      it('is whole again after a run that was killed at any moment', async () => {
        const outcome = await load.during(50, async () => {
          for (const [at, colour] of ['green', 'blue', 'green', 'blue', 'green'].entries()) {
            await killed(['switch', colour], 500 + 350 * at)
            const { weights } = await deployed.told('show')
            expect([...weights].sort()).toEqual([0, 100])
          }
          expect(await deployed.told('switch', 'green')).toMatchObject({
            code: 0,
            weights: [0, 100],
          })
        })
        expect(outcome).toMatchObject(zero)
      })

      const killed = (argv: readonly string[], after: number) =>
        new Promise<void>((resolve) => {
          const child = spawn(
            process.execPath,
            [cli, 'traffic', ...argv, '--project', deployed.project.name],
            { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore' },
          )
          child.on('close', () => resolve())
          setTimeout(() => child.kill('SIGKILL'), after)
        })

      it('says so when what was written is not in force, and the next run completes it', async () => {
        const green = readFileSync(live(), 'utf8')
        expect(await deployed.told('switch', 'blue')).toMatchObject({ code: 0 })
        // As a run leaves it that was killed after it had written, and before it told.
        writeFileSync(live(), green)
        expect(await deployed.told('show')).toMatchObject({ code: 1, weights: [100, 0] })
        expect(await deployed.told('switch', 'green')).toMatchObject({ code: 0, weights: [0, 100] })
      })

      it('is as it was after a restart of the proxy, a synth, and a new container', async () => {
        expect(await erlmcp(['synth'])).toMatchObject({ code: 0 })
        expect(await erlmcp(['check'])).toMatchObject({ code: 0 })
        await deployed.project.restart(proxy)
        load = await deployed.load()
        expect(await load.times(100)).toMatchObject({ ...zero, answers: { green: 100 } })
        await must(['docker', 'rm', '-f', (await deployed.project.inspect(proxy)).Id])
        await deployed.up()
        load = await deployed.load()
        expect(await load.times(100)).toMatchObject({ ...zero, answers: { green: 100 } })
        expect(await deployed.told('show')).toMatchObject({
          code: 0,
          weights: [0, 100],
          from: live().slice(folder.length + 1),
        })
      })

      it('is reached from inside alone, and runs without any power', async () => {
        const { HostConfig, Config, Mounts } = (await deployed.project.inspect(proxy)) as never as {
          HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[]; PortBindings: object }
          Config: { User: string }
          Mounts: { Source: string; RW: boolean }[]
        }
        expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] })
        expect(Object.keys(HostConfig.PortBindings)).toEqual(['8080/tcp'])
        expect(Config.User).toBe(proxy === 'traefik' ? '65532:65532' : '99:99')
        expect(Mounts.filter(({ Source }) => Source.includes('docker.sock'))).toEqual([])
        expect(Mounts.filter(({ Source, RW }) => RW && Source.startsWith(folder))).toEqual([])
        const admin = proxy === 'traefik' ? '8099' : '9999'
        const ask = `exec 3<>/dev/tcp/${proxy}/${admin}`
        const { code } = await deployed.project.exec('erlmcp-blue', ['bash', '-c', ask])
        expect(code).not.toBe(0)
      })
    })

    describe('canary', () => {
      let deployed: ReturnType<typeof running>
      let load: ReturnType<typeof versionsAt>

      beforeAll(async () => {
        deployed = running('canary')
        await deployed.up()
        load = await deployed.load()
      })
      afterAll(() => deployed.project.down())

      const share = ({ answers, sent }: Versions) => ((answers.canary ?? 0) / sent) * 100

      it.each([10, 25])('gets %i % of 5000 requests, within two points', async (percent) => {
        if (percent !== 10) await deployed.told('weight', String(percent))
        const outcome = await load.times(5000)
        expect(outcome).toMatchObject({ ...zero, sent: 5000 })
        expect(outcome.rate).toBeGreaterThan(50)
        expect(Math.abs(share(outcome) - percent)).toBeLessThan(2)
      })

      it('loses no request while its weight changes, up to all and back to none', async () => {
        const outcome = await load.during(80, async () => {
          for (const percent of [50, 100, 5, 0]) {
            const report = await deployed.told('weight', String(percent))
            expect(report).toMatchObject({ code: 0, weights: [100 - percent, percent] })
          }
        })
        expect(outcome).toMatchObject(zero)
        expect(outcome.rate).toBeGreaterThan(50)
        expect((await load.times(200)).answers).toEqual({ stable: 200 })
      })

      it('gets nothing while it is not ready: the stable version has its share', async () => {
        expect(await deployed.told('weight', '0', '--stop', '--grace', '0')).toMatchObject({
          code: 0,
        })
        expect(await deployed.told('weight', '30')).toMatchObject({ code: 0, weights: [70, 30] })
        await deployed.project.stop('erlmcp-canary')
        const seen = async () => (await deployed.told('show')).versions[1]?.ready
        await expect.poll(seen, { timeout: 30_000 }).toBe(false)
        expect(await deployed.told('show')).toMatchObject({
          code: 1,
          message: 'erlmcp-canary should get requests, but is not ready',
        })
        expect(await load.times(200)).toMatchObject({ ...zero, answers: { stable: 200 } })
        expect(existsSync(join(folder, 'traffic/erlmcp-canary/.next'))).toBe(false)
      })
    })
  })
})
