import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp constitution é-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text, { mode })
}

/** A `docker` of the test's own, before the machine's; its engine answers. */
const withDocker = (script: string, engine = 'exit 0') => {
  put('bin/docker', `#!/bin/sh\n[ "$1" != version ] || { ${engine}; }\n${script}\n`, 0o755)
  return { PATH: `${join(folder, 'bin')}:${process.env.PATH}` }
}

function erlmcp(argv: readonly string[], env: Record<string, string> = {}, input = '') {
  const child = spawnSync(process.execPath, [main, ...argv], {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  return { code: child.status, out: child.stdout, err: child.stderr }
}

describe('rewrite', () => {
  test('prints the Docker form, with everything that the command itself was given', () => {
    expect(erlmcp(['rewrite', '--', 'rebar3', 'ct', '--help', "it's"])).toEqual({
      code: 0,
      out: "docker compose run --rm erlmcp-ct rebar3 ct --help 'it'\\''s'\n",
      err: '',
    })
    expect(erlmcp(['rewrite', 'rebar3', 'ct', '--verbose']).out).toContain('rebar3 ct --verbose\n')
  })

  test('says what is undefined, hence forbidden', () => {
    const { code, out, err } = erlmcp(['rewrite', '--', 'rebar3', 'eunti'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('undefined, hence forbidden: `rebar3 eunti` is not in the map')
    expect(err).toContain('Did you mean eunit?')
  })

  test('reads the map of the project, from any folder in it', () => {
    put('constitution.json', '{"prefix": "shop-"}')
    put('apps/a/rebar.config', '')
    const below = spawnSync(process.execPath, [main, 'rewrite', 'make', 'ct'], {
      cwd: join(folder, 'apps/a'),
      encoding: 'utf8',
    })
    expect(below.stdout).toContain(' shop-ct make ct\n')
    put('constitution.json', '{"prefx": "shop-"}')
    const wrong = erlmcp(['rewrite', '--', 'make', 'ct'])
    expect(wrong.code).toBe(2)
    expect(wrong.err).toContain('constitution.json: it has "prefx", which means nothing')
  })

  test('--json', () => {
    const defined = erlmcp(['rewrite', '--json', '--', 'rebar3', 'ct'])
    expect(JSON.parse(defined.out)).toMatchObject({ defined: true, service: 'erlmcp-ct' })
    const not = erlmcp(['rewrite', '--json', '--', 'ls'])
    expect(JSON.parse(not.out)).toMatchObject({ defined: false, why: 'ls is not in the map' })
    expect(not.code).toBe(1)
  })
})

describe('run', () => {
  test('runs it with the standard streams of the caller, and ends as it ends', () => {
    const env = withDocker('echo "$@"; cat; echo said >&2; exit 7')
    expect(erlmcp(['run', '--', 'rebar3', 'ct', 'a b'], env, 'input')).toEqual({
      code: 7,
      out: 'compose run -T --rm erlmcp-ct rebar3 ct a b\ninput',
      err: 'said\n',
    })
  })

  test('passes a signal on', async () => {
    const script = 'trap "echo got TERM; exit 9" TERM; echo ready; while :; do sleep 0.1; done'
    const child = spawn(process.execPath, [main, 'run', '--', 'rebar3', 'ct'], {
      cwd: folder,
      env: { ...process.env, ...withDocker(script) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') child.kill('SIGTERM')
      said += text
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, said }).toEqual({ code: 9, said: 'ready\ngot TERM\n' })
  })

  test('runs nothing that is undefined', () => {
    const { code, out } = erlmcp(['run', '--', 'ls'], withDocker('echo ran'))
    expect({ code, out }).toEqual({ code: 1, out: '' })
  })

  test('without an engine, or without docker, it ends with 3', () => {
    const silent = erlmcp(
      ['run', '--', 'rebar3', 'ct'],
      withDocker('exit 1', 'echo Cannot connect to the Docker daemon >&2; exit 1'),
    )
    expect(silent.code).toBe(3)
    expect(silent.err).toContain('the Docker engine does not answer: Cannot connect')
    const none = erlmcp(['run', '--', 'rebar3', 'ct'], { PATH: '/nowhere' })
    expect(none.code).toBe(3)
    expect(none.err).toContain('there is no docker command on PATH')
  })
})
