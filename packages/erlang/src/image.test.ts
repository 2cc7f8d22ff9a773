import { spawnSync } from 'node:child_process'
import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { erl, erlangImage, osVariable } from './index.ts'

const options = { release: 'app', version: '1.2.3', otp: '28.3.1' } as const

function files(more: Partial<Parameters<typeof erlangImage>[0]> = {}) {
  const { artifacts } = synthesize(stack('app', [erlangImage({ ...options, ...more })]))
  return new Map(artifacts.map(({ path, text, mode }) => [path, { text, mode }]))
}

test.each(['debian', 'alpine'] as const)('the Dockerfile, %s', async (flavour) => {
  await expect(files({ flavour }).get('Dockerfile')?.text).toMatchFileSnapshot(
    `__snapshots__/${flavour}.Dockerfile`,
  )
})

test('the files', () => {
  const local = [...files()].map(([path, { mode }]) => `${path} ${mode.toString(8)}`)
  expect(local).toEqual([
    '.dockerignore 644',
    'Dockerfile 644',
    'config/sys.config.src 644',
    'config/vm.args.src 644',
    'docker/bin/ctl 755',
    'docker/bin/health 755',
    'docker/bin/start 755',
  ])
  expect(files({ distribution: 'tls' }).has('config/ssl_dist.conf')).toBe(true)
})

test('a second release of the project has its files in a folder of its own', () => {
  const folder = 'deploy/worker'
  expect([...files({ folder, distribution: 'tls' }).keys()]).toEqual([
    'deploy/worker/Dockerfile',
    'deploy/worker/Dockerfile.dockerignore',
    'deploy/worker/config/ssl_dist.conf',
    'deploy/worker/config/sys.config.src',
    'deploy/worker/config/vm.args.src',
    'deploy/worker/docker/bin/ctl',
    'deploy/worker/docker/bin/health',
    'deploy/worker/docker/bin/start',
  ])
  const worker = erlangImage({ ...options, release: 'worker', folder })
  expect(worker.runtime.build).toMatchObject({
    context: '.',
    dockerfile: 'deploy/worker/Dockerfile',
  })
  const { artifacts } = synthesize(stack('app', [erlangImage(options), worker]))
  expect(artifacts).toHaveLength(14)
})

test('the images of its services', () => {
  const { runtime, debug, tools, builder } = erlangImage(options)
  expect(runtime).toMatchObject({
    image: 'app:1.2.3',
    build: { context: '.', dockerfile: 'Dockerfile', target: 'runtime' },
    user: '1000:1000',
    writable: ['/tmp', '/var/lib/app', '/var/log/app'],
  })
  expect([debug, tools, builder].map(({ image }) => image)).toEqual([
    'app:1.2.3-debug',
    'app:1.2.3-tools',
    'app:1.2.3-builder',
  ])
})

test('build arguments have defaults that make two builds identical', () => {
  const { runtime, debug } = erlangImage(options)
  const names = ['SOURCE_DATE_EPOCH', 'REVISION', 'CREATED']
  expect(Object.keys(runtime.build.args ?? {})).toEqual(names)
  expect(Object.keys(debug.build.args ?? {})).toEqual(['SOURCE_DATE_EPOCH'])
  // The Dockerfile has the same defaults, for builds without Compose.
  const { text } = files().get('Dockerfile')!
  for (const [name, value] of Object.entries(runtime.build.args ?? {})) {
    const fallback = typeof value === 'object' ? value.default : value
    expect(text).toMatch(new RegExp(`^ARG ${name}=${fallback}$`, 'm'))
  }
})

test('versions of packages', () => {
  const { text } = files({ packages: { versions: { busybox: '1:1.37.0-6' } } }).get('Dockerfile')!
  expect(text).toContain('  busybox=1:1.37.0-6 \\\n')
  expect(() => files({ packages: { versions: { busybux: '1' } } })).toThrow('no stage installs')
  expect(() => files({ packages: { versions: { busybux: '1' } } })).toThrow(/image\.test\.ts:\d+/)
  expect(() => files({ packages: { build: ['gcc; reboot'] } })).toThrow('expected a package name')
})

test('invalid names', () => {
  expect(() => files({ release: 'My App' })).toThrow(
    'release of erlangImage: expected a release name, got "My App"',
  )
  expect(() => files({ release: 'start' })).toThrow('expected a release name, got "start"')
  expect(() => files({ version: '1/2' })).toThrow('expected a version, got "1/2"')
  expect(() => files({ sources: ['../secrets'] })).toThrow('expected a path inside the project')
  expect(() => files({ health: { live: 'live' } })).toThrow('Begin it with a slash')
})

test.each<[string, object, string]>([
  ['an unknown option', { verison: '1' }, 'Did you mean `version`?'],
  ['an unknown label', { labels: { licence: 'MIT' } }, 'Did you mean `licenses`?'],
  ['a label without text', { labels: { title: undefined } }, 'label title is undefined'],
  ['a flavour', { flavour: 'ubuntu' }, 'expected "debian" or "alpine"'],
  ['a distribution', { distribution: 'none' }, 'expected "local" or "tls"'],
  ['an image in capitals', { image: 'Foo Bar:1' }, 'Write it in lower case'],
  ['an image of two lines', { image: 'foo:1\nevil' }, 'expected an image name with a tag'],
  ['an image without a tag', { image: 'team/app' }, 'expected an image name with a tag'],
  ['an image whose tag moves', { image: 'app:latest' }, 'with a tag other than `latest`'],
  ['a folder outside', { folder: '../worker' }, 'expected a folder of the project'],
  ['a folder with a blank', { folder: 'my worker' }, 'letters, digits, - and _'],
  ['the root as a folder', { folder: '' }, 'expected a folder of the project'],
  ['the whole project', { sources: ['.'] }, 'not the whole project'],
  ['a path with a space', { sources: ['my apps'] }, 'without spaces'],
  ['bases and digests', { bases: { builder: 'a:1', runtime: 'b:1' }, digests: {} }, 'into bases'],
  [
    'a stage as a base',
    { bases: { builder: 'a:1', runtime: 'builder' } },
    'has the name of a stage',
  ],
  ['null in sys.config', { sysConfig: { app: { a: null } } }, 'expected an Erlang term, got null'],
  [
    'nothing in sys.config',
    { sysConfig: { app: { a: [undefined] } } },
    'expected an Erlang term, got undefined',
  ],
  ['a list in sys.config', { sysConfig: { app: ['a'] } }, 'expected an object of parameters'],
  ['a flag of every object', { vmArgs: { constructor: 1 } }, 'erl(1) does not document'],
  ['a parameter of every object', { vmArgs: { '-kernel': { toString: 1 } } }, 'into sysConfig'],
  ['packages of all stages', { packages: ['git'] }, 'packages of erlangImage: expected an object'],
  [
    'one package, not a list',
    { packages: { build: 'git' } },
    'packages.build of erlangImage: expected',
  ],
  ['one source, not a list', { sources: 'src' }, 'sources of erlangImage: expected a list'],
  ['an unknown level of health', { health: { alive: '/x' } }, 'Did you mean `live`?'],
  ['an invalid port', { ports: [70_000] }, 'expected a port from 1 to 65535, got 70000'],
])('%s is rejected, with the line of the stack', (_, more, words) => {
  expect(() => files(more)).toThrow(words)
  expect(() => files(more)).toThrow(/image\.test\.ts:\d+:\d+: /)
})

test('no options, and a term that contains itself', () => {
  expect(() => erlangImage()).toThrow('erlangImage: rebar.config is missing')
  expect(() => erlangImage(null as never)).toThrow('erlangImage: expected an object, got null')
  const cycle: unknown[] = []
  cycle.push(cycle)
  expect(() => files({ sysConfig: { app: { cycle: cycle as never } } })).toThrow(
    'circular reference',
  )
})

test('a version of a git tag', () => {
  const { runtime, debug } = erlangImage({ ...options, version: '1.2.3+build.5' })
  expect([runtime.image, debug.image]).toEqual(['app:1.2.3_build.5', 'app:1.2.3_build.5-debug'])
  const { text } = files({ version: '1.2.3+build.5' }).get('Dockerfile')!
  expect(text).toContain('releases/1.2.3+build.5/')
  expect(text).toContain('org.opencontainers.image.version=1.2.3+build.5')
})

test('a rebar.config of an application stays in its folder', () => {
  const dependencyFiles = ['rebar.config', 'apps/a/rebar.config', 'rebar.lock', '_checkouts/']
  const { text } = files({ dependencyFiles }).get('Dockerfile')!
  expect(text).toContain(`COPY rebar.config rebar.lock ./
COPY apps/a/rebar.config apps/a/
COPY _checkouts/ _checkouts/
`)
})

test('one variable has one meaning', () => {
  const level = osVariable('LEVEL', { kind: 'atom', default: 'info' })
  const sysConfig = { app: { a: level, b: [erl.tuple(1, osVariable('LEVEL'))] } }
  expect(() => files({ sysConfig })).toThrow('variable LEVEL has two different kinds')
})

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

describe.each(['local', 'tls'] as const)('scripts, %s', (distribution) => {
  const sysConfig = {
    app: {
      port: osVariable('APP_PORT', { kind: 'integer', default: 8080 }),
      host: osVariable('APP_HOST', { kind: 'string', default: 'a b' }),
      level: osVariable('APP_LEVEL', { kind: 'atom' }),
    },
  }
  const image = files({ distribution, sysConfig })
  const script = (name: string) => image.get(`docker/bin/${name}`)!.text

  test.each(['start', 'health', 'ctl'])('%s is read by every shell', (name) => {
    for (const shell of [['sh'], ['dash'], ['bash', '--posix'], ['busybox', 'sh']]) {
      const [command, ...rest] = shell as [string, ...string[]]
      const { status, stderr, error } = spawnSync(command, [...rest, '-n'], {
        input: script(name),
        encoding: 'utf8',
      })
      // A machine has at least one of them.
      if (error) expect(command).not.toBe('sh')
      else expect([status, stderr]).toEqual([0, ''])
    }
  })

  test.skipIf(!hasShellcheck).each(['start', 'health', 'ctl'])(
    '%s passes shellcheck (skipped without it)',
    (name) => {
      const { stdout } = spawnSync('shellcheck', ['-'], { input: script(name), encoding: 'utf8' })
      expect(stdout).toBe('')
    },
  )

  test('the start script rejects flags about the distribution', () => {
    const text = script('start')
    const guard = text.slice(text.indexOf('fail() {'), text.indexOf('export HOME'))
    const start = (env: Record<string, string>, ...words: string[]) => {
      const all = { PATH: process.env.PATH, ...env }
      const { status, stderr } = spawnSync('sh', ['-c', guard, 'start', ...words], { env: all })
      return `${status} ${stderr}`
    }
    for (const flags of [
      ...['-setcookie known', '+S 1 -name a@b', '-sname a', '-proto_dist inet_tcp'],
      ...['-kernel inet_dist_use_interface {0,0,0,0}', '-args_file /tmp/x', '-start_epmd true'],
      ...['-kernel inet_dist_listen_options [{ip,{0,0,0,0}}]', '-ssl_dist_optfile /tmp/x'],
      ...['-dist_listen true', '-epmd_module x', '-erl_epmd_port 1', '-remsh a'],
    ]) {
      for (const variable of ['ERL_AFLAGS', 'ERL_FLAGS', 'ERL_ZFLAGS']) {
        expect([flags, start({ [variable]: flags })]).toEqual([
          flags,
          expect.stringMatching(
            /^78 start: the environment \(ERL_AFLAGS, .* has \S+: the image alone/,
          ),
        ])
      }
      expect(start({}, ...flags.split(' '))).toMatch(/^78 start: the command has /)
    }
    expect(start({ VMARGS_PATH: '/etc/vm.args' })).toMatch(/^78 start: VMARGS_PATH names another/)
    const harmless = { ERL_FLAGS: '+S 2 -kernel shell_history enabled * -extra -name' }
    expect(start(harmless, '-hidden', '-config', '/run/x.config')).toBe('0 ')
  })

  const level = (value: string, kind: string) => {
    const text = script('start')
    const from = text.indexOf(`export ${kind}\ncase`)
    const check = text.slice(from, text.indexOf('esac', from) + 4)
    return spawnSync('sh', ['-c', `fail() { exit 78; }\n${check}`], {
      env: { [kind]: value },
    }).status
  }

  test('the start script rejects values that would be code in a configuration file', () => {
    expect(['8080', '-1'].map((value) => level(value, 'APP_PORT'))).toEqual([0, 0])
    expect(['', '-', '1-2', '1}', 'os:cmd'].map((value) => level(value, 'APP_PORT'))).toEqual(
      Array(5).fill(78),
    )
    expect(['db-1.example.com:5432/x', 'a b'].map((value) => level(value, 'APP_HOST'))).toEqual([
      0, 0,
    ])
    expect(['a"b', '${HOME}', 'a\\b', 'a\nb'].map((value) => level(value, 'APP_HOST'))).toEqual(
      Array(4).fill(78),
    )
    expect(['info', 'a_B1'].map((value) => level(value, 'APP_LEVEL'))).toEqual([0, 0])
    expect(['Info', 'a.b', "'x'"].map((value) => level(value, 'APP_LEVEL'))).toEqual(
      Array(3).fill(78),
    )
  })
})
