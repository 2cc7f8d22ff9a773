import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, run as start } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  cmd,
  copy,
  type Dockerfile,
  dockerfile,
  entrypoint,
  env,
  healthcheck,
  heredoc,
  inline,
  label,
  mount,
  print,
  ref,
  run,
  stage,
  template,
  user,
  workdir,
} from '../index.ts'

const base = 'debian:trixie-slim'
const header = ['Made by a test.']

// Strings of what has a meaning somewhere in a Dockerfile, a shell or JSON. The same at each run.
function hostile(count: number, seed: number): string[] {
  const text = fc
    .stringMatching(/^[\\"'`$#<>{}[\]()=,;:&|!*?~%+\-\t aEOF1@/é.]{0,40}$/)
    .filter((one) => one.trim() === one)
  const known = [
    'a\\',
    '\\',
    '\\\\',
    '# no',
    '<<EOF',
    '<<"EOF" x',
    '$HOME',
    '${HOME:-x}',
    '--from=x',
    '["a"]',
    ' pad ',
    '`',
    '',
  ]
  return [...known, ...fc.sample(text, { numRuns: count, seed })]
}

describeEngine('the builder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dockerfile-'))
  const tag = `dockerfile-print-test:${process.pid}`

  beforeAll(() => ensureImages([base]))
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await start(['docker', 'image', 'rm', '--force', tag])
  })

  function write(data: Dockerfile): string {
    const path = join(folder, 'Dockerfile')
    writeFileSync(path, print(data, header))
    return path
  }

  const build = (data: Dockerfile, ...options: string[]) =>
    must(
      ['docker', 'buildx', 'build', '--progress=plain', '--file', write(data), ...options, folder],
      {
        timeout: 300_000,
      },
    )

  it.each(['\\', '`'] as const)('keeps hostile values as they are, escape %s', async (mark) => {
    const values = Object.fromEntries(hostile(80, 7).map((text, n) => [`V${n}`, text]))
    const names = [...new Set(hostile(40, 8))].filter((name) => name !== '' && !name.includes('='))
    const labels = Object.fromEntries(names.map((name) => [name, name]))
    const argv = hostile(30, 9)
    const target = stage('app', 'scratch', [
      env(values),
      label({ ...values, ...labels }),
      workdir('/$HOME "x" \\y'),
      user('a$b\\'),
      entrypoint(argv),
      cmd([...argv, 'two\nlines']),
      healthcheck(argv),
    ])
    await build(
      { args: [], stages: [target], directives: { escape: mark } },
      '--load',
      '--tag',
      tag,
    )
    const { stdout } = await must([
      'docker',
      'image',
      'inspect',
      '--format',
      '{{json .Config}}',
      tag,
    ])
    const config = JSON.parse(stdout)
    const variables: string[] = config.Env
    expect(variables.filter((one) => one.startsWith('V'))).toEqual(
      Object.entries(values).map(([name, value]) => `${name}=${value}`),
    )
    expect(config.Labels).toEqual({ ...values, ...labels })
    expect(config.Entrypoint).toEqual(argv)
    expect(config.Cmd).toEqual([...argv, 'two\nlines'])
    expect(config.Healthcheck.Test).toEqual(['CMD', ...argv])
    expect(config.User).toBe('a$b\\')
    expect(config.WorkingDir).toBe('/$HOME "x" \\y')
  })

  it('keeps hostile commands, files and paths as they are', async () => {
    const texts = hostile(25, 11).filter((text) => !/\\$/.test(text))
    // The shell gets the text as an argument of cat's heredoc, so that nothing in it is its own.
    const written = texts.map((text, n) => `cat > /out/run${n} <<'END'\n${text}\n# $x \\\nEOF\nEND`)
    const files = texts.map((text, n) => inline(`${text}\nEOF\n$x \\`, { name: `file${n}` }))
    const replaced = template`${texts.join('\n')}${ref('NAME')}${ref('NONE', { default: '}"\\' })}`
    const source = 'a [b] $c "d"'
    writeFileSync(join(folder, source), 'here')
    const builder = stage('builder', base, [
      env({ NAME: '$value' }),
      run('mkdir /out'),
      ...written.map((text) => run(text)),
      run(['/bin/sh', '-c', 'printf %s "$1" > /out/exec', '-', texts.join('\n')]),
      run('#!/usr/bin/perl\nopen(my $f, ">", "/out/perl"); print $f "<<EOF";'),
      copy(files, '/out/'),
      copy([inline(replaced)], '/out/replaced'),
      copy(['a [[]b] $c "d"'], '/out/$d "e" \\f'),
    ])
    const out = join(folder, 'out')
    const target = stage('files', 'scratch', [copy(['/out'], '/', { from: builder })])
    await build({ args: [], stages: [builder, target] }, '--output', `type=local,dest=${out}`)
    const content = (name: string) => readFileSync(join(out, name), 'utf8')
    for (const [n, text] of texts.entries()) {
      expect(content(`run${n}`)).toBe(`${text}\n# $x \\\nEOF\n`)
      expect(content(`file${n}`)).toBe(`${text}\nEOF\n$x \\\n`)
    }
    expect(content('exec')).toBe(texts.join('\n'))
    expect(content('perl')).toBe('<<EOF')
    expect(content('replaced')).toBe(`${texts.join('\n')}$value}"\\\n`)
    expect(readdirSync(out)).toContain('$d "e" \\f')
  })

  it('builds what needs no entitlement, and the mounts do what they say', async () => {
    writeFileSync(join(folder, 'secret'), 'hidden')
    writeFileSync(join(folder, 'source'), 'from the context')
    const first = stage('first', base, [run('echo one > /one')])
    const second = stage('second', base, [
      run(
        heredoc`
          set -eu
          test "$(cat /context/source)" = 'from the context'
          test "$(cat /other/one)" = one
          test "$TOKEN" = hidden
          test "$(cat /run/token)" = hidden
          test "$(stat -c '%a %u %g' /run/token)" = '440 1000 1001'
          test "$(stat -c '%a %u' /cache)" = '750 1000'
          test "$(stat -f -c %T /scratch)" = tmpfs
          test "$(df -k --output=size /scratch | tail -n 1)" -eq 16384
          test ! -e /sys/class/net/eth0
        `,
        {
          network: 'none',
          mounts: [
            mount.bind('/context'),
            mount.bind('/other', { from: first, rw: true }),
            mount.cache('/cache', {
              id: 'print-test,"x',
              sharing: 'private',
              mode: '0750',
              uid: 1000,
            }),
            mount.tmpfs('/scratch', { size: '16m' }),
            mount.secret('token', {
              target: '/run/token',
              env: 'TOKEN',
              required: true,
              mode: '0440',
              uid: 1000,
              gid: 1001,
            }),
          ],
        },
      ),
    ])
    await build(dockerfile('Dockerfile', second).data, '--secret', `id=token,src=${folder}/secret`)
  })
})
