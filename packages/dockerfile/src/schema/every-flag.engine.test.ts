import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages, must } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  add,
  arg,
  cmd,
  comment,
  context,
  copy,
  type Dockerfile,
  dockerfile,
  entrypoint,
  env,
  expose,
  healthcheck,
  heredoc,
  inline,
  label,
  mount,
  onbuild,
  print,
  ref,
  run,
  shell,
  stage,
  stopsignal,
  template,
  user,
  volume,
  workdir,
} from '../index.ts'

const base = 'debian:trixie-slim'

describeEngine('the frontend of the engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dockerfile-every-'))
  beforeAll(() => ensureImages([base]))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('takes every instruction with every flag, and its checks have nothing to say', async () => {
    const path = join(folder, 'Dockerfile')
    const data = { ...everything(), directives: { check: { experimental: 'all' as const } } }
    writeFileSync(path, print(data, ['Made by a test.']))
    const options = ['--build-context', `plugins=${folder}`, '--progress=plain', '--file', path]
    for (const call of ['check', 'outline']) {
      const { stdout, stderr } = await must(
        ['docker', 'buildx', 'build', `--call=${call}`, ...options, folder],
        { timeout: 120_000 },
      )
      if (call === 'check') expect(stdout + stderr).toContain('Check complete, no warnings found.')
      else expect(stdout).toMatch(/OTP\s.*release of Erlang/)
    }
  })
})

/**
 * A file with every instruction and every flag of the Dockerfile reference that the engine's own
 * frontend knows: `COPY --parents`, `RUN --security` and `--device` need a newer one.
 */
function everything(): Dockerfile {
  const otp = comment('release of Erlang/OTP', arg('OTP', 'trixie'))
  const builder = stage(
    'builder',
    template`debian:${ref(otp)}-slim`,
    [
      arg('OTP'),
      shell(['/bin/sh', '-eu', '-c']),
      workdir('/build'),
      add(['https://example.com/a.tar.gz'], '/tmp/', {
        checksum: `sha256:${'0'.repeat(64)}`,
        unpack: true,
        chown: '1000:1000',
        chmod: '0644',
        link: true,
      }),
      add(['https://github.com/erlang/rebar3.git#main'], '/rebar3', {
        'keep-git-dir': true,
        exclude: ['docs'],
      }),
      copy(['rebar.*', 'apps'], './', { exclude: ['**/*.md', 'b c'], link: true }),
      comment(
        'Its own layer.\nIt changes rarely.',
        run('true', {
          mounts: [
            mount.bind('/a', { from: context('plugins'), source: '/', rw: true }),
            mount.bind('/b', { from: 'debian:trixie-slim' }),
            mount.cache('/c', {
              id: 'c',
              sharing: 'locked',
              ro: true,
              mode: '0755',
              uid: 0,
              gid: 0,
            }),
            mount.tmpfs('/d', { size: 1024 }),
            mount.secret('key', { target: '/key', env: 'KEY', required: true, mode: '0400' }),
            mount.ssh({
              id: 'default',
              target: '/agent',
              required: true,
              mode: '0600',
              uid: 0,
              gid: 0,
            }),
          ],
          network: 'host',
        }),
      ),
      run(['true'], { network: 'none' }),
      run('true', { network: 'default' }),
      run(heredoc`
      set -eu
      cat <<X
      $OTP
      X
    `),
    ],
    { comment: 'compiles' },
  )
  const runtime = stage(
    'runtime',
    'debian:trixie-slim',
    [
      copy(['/build'], '/opt/app', {
        from: builder,
        chown: '0:0',
        chmod: 'u=rwX,go=rX',
        link: true,
      }),
      copy([inline('a=$b\n', { name: 'a.conf' }), inline(template`${ref('PATH')}`)], '/etc/app/'),
      env({ LANG: 'C.UTF-8', EMPTY: '' }),
      label({ 'org.opencontainers.image.title': 'it\'s "it"' }),
      expose(8080, '9100/tcp', '53/udp', '8000-8010'),
      volume('/var/lib/app', '/with space'),
      stopsignal('SIGTERM'),
      onbuild(copy([inline('x')], '/x')),
      onbuild(run('true', { mounts: [mount.cache('/c')] })),
      user('1000:1000'),
      healthcheck(['/opt/app/health'], {
        interval: '10s',
        timeout: '5s',
        'start-period': '1m30s',
        'start-interval': '500ms',
        retries: 3,
      }),
      entrypoint(['/opt/app/start']),
      cmd(['--foreground']),
    ],
    { platform: ref('TARGETPLATFORM', { alternative: ref('BUILDPLATFORM') }) },
  )
  return dockerfile('Dockerfile', stage('last', runtime, [healthcheck('NONE')]), { args: [otp] })
    .data
}
