import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

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
  const answers = `[ "$1" != version ] || { ${engine}; }\n[ "$1" != kill ] || exit 1`
  put('bin/docker', `#!/bin/sh\n${answers}\n${script}\n`, 0o755)
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

  test('rejects a command without a Docker form', () => {
    const { code, out, err } = erlmcp(['rewrite', '--', 'rebar3', 'eunti'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('no Docker form: unknown task `rebar3 eunti`')
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
    expect(wrong.err).toContain('constitution.json: unknown key prefx')
  })

  test('--format json', () => {
    const defined = erlmcp(['rewrite', '--format=json', '--', 'rebar3', 'ct'])
    expect(JSON.parse(defined.out)).toMatchObject({ defined: true, service: 'erlmcp-ct' })
    const not = erlmcp(['rewrite', '--format=json', '--', 'ls'])
    expect(JSON.parse(not.out)).toMatchObject({ defined: false, message: 'unknown program ls' })
    expect(not.code).toBe(1)
    const own = erlmcp(['rewrite', '--format', 'json', 'rebar3', 'ct', '--verbose'])
    expect(JSON.parse(own.out)).toMatchObject({ defined: true, service: 'erlmcp-ct' })
  })
})

describe('run', () => {
  test('runs it with the standard streams of the caller, and ends as it ends', () => {
    const env = withDocker('echo "$@"; cat; echo said >&2; exit 7')
    expect(erlmcp(['run', '--', 'rebar3', 'ct', 'a b'], env, 'input')).toEqual({
      code: 7,
      out: expect.stringMatching(
        /^compose run -T --name erlmcp-run-[0-9a-f]{12} --rm erlmcp-ct rebar3 ct a b\ninput$/,
      ),
      err: 'said\n',
    })
  })

  test('says that the map names a service which no compose file has', () => {
    const compose = 'case "$*" in *config*) echo shop-ct ;; *) exit 1 ;; esac'
    const done = erlmcp(['run', '--', 'rebar3', 'ct'], withDocker(compose))
    expect(done.code).toBe(2)
    expect(done.err).toContain('no compose file defines the service erlmcp-ct')
    expect(done.err).toContain("constitutionFile({ prefix: 'shop-' })")
    put('constitution.json', '{"prefix": "shop-"}')
    expect(erlmcp(['run', '--', 'rebar3', 'ct'], withDocker(compose))).toMatchObject({
      code: 1,
      err: '',
    })
  })

  test('passes a signal on, to compose where there is no container yet', async () => {
    const script = 'trap "echo got TERM; exit 9" TERM; echo ready; while :; do sleep 0.1; done'
    const child = spawn(process.execPath, [main, 'run', '--', 'rebar3', 'ct'], {
      cwd: folder,
      env: { ...process.env, ...withDocker(script) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (printed === '') child.kill('SIGTERM')
      printed += text
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, printed }).toEqual({ code: 9, printed: 'ready\ngot TERM\n' })
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
    expect(silent.err).toContain('the Docker engine does not answer')
    const none = erlmcp(['run', '--', 'rebar3', 'ct'], { PATH: '/nowhere' })
    expect(none.code).toBe(3)
    expect(none.err).toContain('docker command not found')
  })
})

describe('guard', () => {
  test('install, refuse, uninstall', () => {
    const installed = erlmcp(['guard', 'install'])
    expect(installed).toMatchObject({ code: 0, err: '' })
    expect(installed.out).toContain(
      'this folder has no git repository: no hooks were installed\nshims .erlmcp/guard/bin\n',
    )
    expect(installed.out).toContain('export PATH="$PWD/.erlmcp/guard/bin:$PATH"')
    expect(erlmcp(['guard', 'uninstall']).out).toBe('removed the guard\n')
    expect(readdirSync(folder)).toEqual([])
    expect(erlmcp(['guard', 'uninstall']).out).toBe('the guard was not installed\n')
  })

  test('install in a repository, with a hook of before, and in .envrc', () => {
    spawnSync('git', ['init', '-q'], { cwd: folder })
    put('.git/hooks/pre-push', '#!/bin/sh\n', 0o755)
    expect(erlmcp(['guard', 'install', '--envrc']).out).toBe(`hook .git/hooks/pre-commit
hook .git/hooks/pre-push, which runs the previous hook first
shims .erlmcp/guard/bin
direnv puts them on PATH: .envrc
`)
    put('.git/hooks/pre-commit', `${readFileSync(join(folder, '.git/hooks/pre-commit'))}# mine\n`)
    const gone = erlmcp(['guard', 'uninstall'])
    expect(gone.code).toBe(1)
    expect(gone.err).toContain('.git/hooks/pre-commit was edited, and is kept')
  })

  test('scan reports for a terminal and for programs', () => {
    put('run.sh', 'rebar3 ct\n')
    const printed = erlmcp(['guard', 'scan'])
    expect(printed).toEqual({
      code: 1,
      out: '',
      err: `run.sh:1:1: error: \`rebar3 ct\` runs on the host [constitution/host-execution]
  In Docker: docker compose run --rm erlmcp-ct rebar3 ct
`,
    })
    const json = JSON.parse(erlmcp(['guard', 'scan', 'run.sh', '--format=json']).out)
    expect(json).toMatchObject({ ok: false, files: 1, diagnostics: [{ file: 'run.sh', line: 1 }] })
    const log = JSON.parse(erlmcp(['guard', 'scan', '--format', 'sarif']).out)
    expect(log.runs[0].tool.driver.rules[0]).toMatchObject({ id: 'constitution/host-execution' })
    expect(erlmcp(['guard', 'scan', '--format', 'github']).out).toContain(
      '::error file=run.sh,line=1',
    )
    put('run.sh', 'docker compose run --rm erlmcp-ct rebar3 ct\n')
    expect(erlmcp(['guard', 'scan'])).toEqual({ code: 0, out: '', err: '' })
    expect(erlmcp(['guard', 'scan', 'gone.sh'])).toMatchObject({ code: 2 })
  })
})
