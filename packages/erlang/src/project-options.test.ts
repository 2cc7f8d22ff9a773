import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { expect, onTestFinished, test } from 'vitest'
import { memoryFolder } from '../fixtures/memory-folder.ts'
import { type ErlangImageOptions, erlangImage, readErlangProject } from './index.ts'

const app = '{application, app, [{vsn, "1.0.0"}]}.'
const config = '{relx, [{release, {app, "1.0.0"}, [app]}]}.'

/** The image of a project with these files. */
function imageOf(files: Readonly<Record<string, string>>, more: ErlangImageOptions = {}) {
  const project = readErlangProject(memoryFolder({ 'apps/app/src/app.app.src': app, ...files }))!
  return erlangImage({ project, ...more })
}

function dockerfileOf(...args: Parameters<typeof imageOf>): string {
  const { artifacts } = synthesize(stack('app', [imageOf(...args)]))
  return artifacts.find(({ path }) => path === 'Dockerfile')!.text
}

test('the release, its version and its sources come from the project', () => {
  const stated = { release: 'app', version: '1.0.0', otp: '28.3.1' } as const
  expect(dockerfileOf({ 'rebar.config': config })).toBe(
    dockerfileOf({ 'rebar.config': config }, { ...stated, sources: ['apps'] }),
  )
})

test('a name with dashes and capitals', () => {
  const image = imageOf({ 'rebar.config': '{relx, [{release, {\'Web-Node\', "1.0.0"}, [app]}]}.' })
  expect(image.runtime.image).toBe('web-node:1.0.0')
  const { artifacts } = synthesize(stack('app', [image]))
  const start = artifacts.find(({ path }) => path === 'docker/bin/start')
  expect(start?.text).toContain('${WEB_NODE_NODE_NAME:=Web-Node@127.0.0.1}')
})

test('a single application with the files that its release copies', () => {
  const text = dockerfileOf({
    'apps/app/src/app.app.src': '',
    'src/app.app.src': app,
    'c_src/nif.c': '',
    'rel/sys.config': '[].',
    'rel/vars.config': '',
    'scripts/run': '',
    VERSION: '2.1.0\n',
    'rebar.config': `{relx, [{release, {app, {file, "VERSION"}}, [app]},
      {sys_config, "./rel/sys.config"}, {overlay_vars, "rel/vars.config"},
      {overlay, [{copy, "scripts/run", "bin/run"}, {copy, "{{output_dir}}/x", "y"},
                 {copy, "./data/one", "one"}, {template, "data/two", "two"},
                 {copy, "docs/*", "docs/"}, {copy, "_build/default/bin/tool", "bin/tool"}]}]}.`,
  })
  const copied = [...text.matchAll(/^COPY (?!.*--from)(\S+) \S+$/gm)].map(([, path]) => path)
  expect(copied).toEqual([
    'src',
    'c_src',
    'rel/sys.config',
    'VERSION',
    'scripts/run',
    'data',
    'docs',
    'rel/vars.config',
  ])
  expect(text).toContain('2.1.0')
})

test('dependencies from git need git, and those of applications their rebar.config', () => {
  const text = dockerfileOf({
    'rebar.config': config,
    'apps/app/rebar.config': '{deps, [{dep, {git, "https://example.org/dep"}}]}.',
    '_checkouts/other/rebar.config': '',
  })
  expect(text).toMatch(/ca-certificates \\\n\s+git/)
  expect(text).toContain('COPY apps/app/rebar.config apps/app/')
  expect(text).toContain('COPY _checkouts/ _checkouts/')
})

test('the OTP release of .tool-versions', () => {
  const files = { 'rebar.config': config, '.tool-versions': 'erlang 27.3.4.2\n' }
  expect(dockerfileOf(files)).toContain('FROM erlang:27.3.4.2-slim')
  expect(dockerfileOf(files, { otp: '28.3.1' })).toContain('FROM erlang:28.3.1-slim')
})

test.each<[string, string, ErlangImageOptions, string]>([
  [
    'a release that the project lacks',
    config,
    { release: 'nope' },
    'release nope is missing in rebar.config\n  Set the option release to one of app (rebar.config:1).',
  ],
  [
    'another version',
    config,
    { version: '1.0.1' },
    'version of erlangImage: expected "1.0.0" as in rebar.config:1, got "1.0.1"',
  ],
  [
    'several releases',
    '{relx, [{release, {app, "1"}, [app]}, {release, {worker, "1"}, [app]}]}.',
    {},
    'expected one release in rebar.config, got app, worker',
  ],
  [
    'a version from git',
    '{relx, [{release, {app, git}, [app]}]}.',
    {},
    'version of erlangImage: only the build knows that of release app (git, rebar.config:1)',
  ],
  [
    'an old OTP',
    `${config} {minimum_otp_vsn, "29"}.`,
    { otp: '28.3.1' },
    'otp of erlangImage: expected at least 29 (minimum_otp_vsn, rebar.config:1), got 28.3.1',
  ],
])('%s is an error with both places', (_, text, more, message) => {
  const make = () => imageOf({ 'rebar.config': text }, more)
  expect(make).toThrow(message)
  expect(make).toThrow(/project-options\.test\.ts:\d+:\d+: /)
})

test('what a program may change is not a contradiction, and not known', () => {
  const text = '{relx, [{release, {app, "see VERSION"}, [app]}]}.'
  expect(() => imageOf({ 'rebar.config': text, 'rebar.config.script': 'CONFIG.' })).toThrow(
    'only the build knows that of release app (rebar.config.script, rebar.config:1)',
  )
  const files = { 'rebar.config': config, 'rebar.config.script': 'CONFIG.' }
  expect(imageOf(files, { version: '1.0.1' }).runtime.image).toBe('app:1.0.1')
  const other = { release: 'other', version: '1.0.1', otp: '28.3.1' } as const
  expect(imageOf(files, other).runtime.image).toBe('other:1.0.1')
})

test('the project is that of the file that calls erlangImage', () => {
  const root = mkdtempSync(join(tmpdir(), 'erlang-project-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'deploy'))
  writeFileSync(join(root, 'rebar.config'), config)
  const code = `import { erlangImage } from '@erlmcp/erlang'\nconsole.log(erlangImage().runtime.image)\n`
  writeFileSync(join(root, 'deploy/stack.ts'), code)
  const repository = resolve(import.meta.dirname, '../../..')
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'deploy/stack.ts')],
    {
      cwd: repository,
      encoding: 'utf8',
      env: { ...process.env, TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json') },
    },
  )
  expect(`${stdout}${stderr}`).toBe('app:1.0.0\n')
}, 60_000)
