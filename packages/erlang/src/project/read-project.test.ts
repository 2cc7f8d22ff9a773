import { expect, test } from 'vitest'
import { memoryFolder } from '../../fixtures/memory-folder.ts'
import { findRelease } from './find-release.ts'
import { readErlangProject } from './read-project.ts'

const read = (files: Readonly<Record<string, string>>) => readErlangProject(memoryFolder(files))!
const app = (name: string, keys = '{vsn, "1.0.0"}') => `{application, ${name}, [${keys}]}.`

test('an umbrella project with several releases', () => {
  const project = read({
    'rebar.config': `
      {relx, [{release, {'web-node', "2.0.0"}, [web, {sasl, load}]},
              {release, {'Worker', "2.0.0"}, [worker], [{vm_args, "rel/worker.args"}]},
              {sys_config, "rel/sys.config"},
              {extended_start_script, true}]}.`,
    'rel/sys.config': '[].',
    'rel/worker.args': '-name worker',
    'config/vm.args.src': '-name ${NODE}',
    'apps/web/src/web.app.src': app('web', '{vsn, "2.0.0"}, {applications, [kernel, cowboy]}'),
    'apps/worker/src/worker.app.src': app('worker', '{vsn, git}, {mod, {worker_app, []}}'),
  })
  expect(project.releases).toMatchObject([
    {
      name: 'web-node',
      version: { text: '2.0.0', from: 'stated' },
      applications: ['web', 'sasl'],
      sysConfig: 'rel/sys.config',
      vmArgsSrc: 'config/vm.args.src',
      extendedStartScript: true,
      includeErts: true,
      location: { file: 'rebar.config', line: 2 },
    },
    { name: 'Worker', vmArgs: 'rel/worker.args' },
  ])
  expect(project.applications).toMatchObject([
    { name: 'web', folder: 'apps/web', applications: ['kernel', 'cowboy'], starts: false },
    { name: 'worker', folder: 'apps/worker', version: { from: 'git' }, starts: true },
  ])
  expect(project.notes).toEqual([])
  expect(findRelease(project, 'Worker').name).toBe('Worker')
  expect(() => findRelease(project, 'nope')).toThrow(
    'release nope is missing in rebar.config\n  Set the option release to one of web-node (rebar.config:2), Worker (rebar.config:3).',
  )
  expect(() => findRelease(project)).toThrow(
    'expected one release in rebar.config, got web-node, Worker',
  )
})

test('a single application at the root', () => {
  const project = read({
    'rebar.config': '{deps, []}. {relx, [{release, {tiny, "1.0.0"}, [tiny]}]}.',
    'src/tiny.app.src': app('tiny'),
  })
  expect(project.applications).toMatchObject([{ name: 'tiny', folder: '.' }])
  expect(findRelease(project)).toMatchObject({ name: 'tiny', extendedStartScript: false })
})

test('a profile changes what relx builds', () => {
  const project = read({
    'rebar.config': `
      {relx, [{release, {app, "1.0.0"}, [app]}, {mode, dev}, {vm_args, "dev.args"},
              {overlay, [{copy, "a", "b"}]}, {overlay_vars, "vars.config"}]}.
      {minimum_otp_vsn, "26"}.
      {profiles, [{prod, [{deps, [recon]}, {minimum_otp_vsn, "27"},
        {relx, [{mode, prod}, {vm_args, "prod.args"}, {overlay, [{mkdir, "log"}]}]}]},
        {test, []}]}.`,
    'prod.args': '',
  })
  expect(project.releases).toMatchObject([
    {
      vmArgs: 'prod.args',
      includeErts: true,
      overlays: [
        { kind: 'copy', paths: ['a', 'b'] },
        { kind: 'mkdir', paths: ['log'] },
      ],
      overlayVars: ['vars.config'],
    },
  ])
  expect(project.profiles).toEqual(['prod', 'test'])
  expect(project.minimumOtp).toMatchObject({ text: '27', location: { line: 5 } })
  expect(project.dependencies).toMatchObject([{ name: 'recon', source: 'hex' }])
})

test('dependencies of hex, of git and of applications, with their locks', () => {
  const project = read({
    'rebar.config': `
      {deps, [cowboy, {jsx, "~> 3.0"}, {lager, {pkg, goldrush_lager}},
              {ranch, ".*", {git, "https://example.org/ranch.git", {tag, "2.1.0"}}},
              {mono, {git_subdir, "https://example.org/mono", {branch, "main"}, "apps/mono"}}]}.
      {plugins, [rebar3_hex, {rebar3_run, {git, "https://example.org/run", {ref, "abc"}}}]}.`,
    'apps/web/rebar.config': '{deps, [gun]}.',
    'apps/web/src/web.app.src': app('web'),
    'rebar.lock': `{"1.2.0",
      [{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.12.0">>},0},
       {<<"cowlib">>,{pkg,<<"cowlib">>,<<"2.13.0">>},1},
       {<<"ranch">>,{git,"https://example.org/ranch.git",{ref,"abc"}},0}]}.
      [{pkg_hash,[{<<"cowboy">>, <<"F27">>}]}].`,
  })
  expect(project.dependencies).toMatchObject([
    { name: 'cowboy', source: 'hex' },
    { name: 'jsx', source: 'hex', version: '~> 3.0' },
    { name: 'lager', source: 'hex', package: 'goldrush_lager' },
    { name: 'ranch', source: 'git', ref: { kind: 'tag', name: '2.1.0' } },
    { name: 'mono', source: 'git_subdir', ref: { kind: 'branch', name: 'main' } },
    { name: 'gun', location: { file: 'apps/web/rebar.config' } },
  ])
  expect(project.locked).toMatchObject([
    { name: 'cowboy', source: 'hex', version: '2.12.0', level: 0 },
    { name: 'cowlib', level: 1 },
    { name: 'ranch', source: 'git', ref: { kind: 'ref', name: 'abc' } },
  ])
  expect(project.plugins.map(({ name, source }) => `${name} ${source}`)).toEqual([
    'rebar3_hex hex',
    'rebar3_run git',
  ])
  expect(project.notes.map(({ message }) => message)).toEqual(
    ['jsx', 'lager', 'mono', 'gun'].map((name) => `dependency ${name} is missing in rebar.lock`),
  )
})

test('versions from a file, from git and from a command', () => {
  const versions = (version: string) =>
    read({
      'rebar.config': `{relx, [{release, {app, ${version}}, [app]}]}.`,
      VERSION: '1.2.3\n',
    }).releases[0]!.version
  expect(versions('{file, "VERSION"}')).toMatchObject({ text: '1.2.3', from: 'file' })
  expect(versions('{file, "NONE"}')).toMatchObject({ from: 'file' })
  expect(versions('git')).toMatchObject({ from: 'git' })
  expect(versions('"semver"')).toMatchObject({ from: 'git' })
  expect(versions('{cmd, "date"}')).toMatchObject({ from: 'command' })
})

test('of several versions of a release the highest is built', () => {
  const release = (version: string) => `{release, {app, "${version}"}, [app]}`
  const found = (...versions: string[]) => {
    const project = read({ 'rebar.config': `{relx, [${versions.map(release).join(', ')}]}.` })
    return findRelease(project).version.text
  }
  expect(found('1.9.0', '1.10.0', '1.2.0')).toBe('1.10.0')
  expect(found('2.0.0', '2.0.0-rc1')).toBe('2.0.0')
})

test('the mode of the project follows the settings of a profile', () => {
  const project = read({
    'rebar.config': `{relx, [{release, {app, "1.0.0"}, [app]}, {mode, dev}]}.
      {profiles, [{prod, [{relx, [{include_erts, true}]}]}]}.`,
  })
  expect(findRelease(project).includeErts).toBe(false)
})

test('a release that extends another one has its applications', () => {
  const project = read({
    'rebar.config': `{relx, [{release, {base, "1.0.0"}, [sasl, app]},
      {release, {full, "1.0.0", {extend, base}}, [extra]}]}.`,
  })
  expect(findRelease(project, 'full').applications).toEqual(['sasl', 'app', 'extra'])
})

test('hooks, extra sources, checkouts and the Erlang of .tool-versions', () => {
  const project = read({
    'rebar.config': `
      {pre_hooks, [{"linux", compile, "make -C c_src"}]}.
      {provider_hooks, [{post, [{compile, {pc, compile}}, {clean, clean}]}]}.
      {extra_src_dirs, ["tools", {"bench", [{recursive, true}]}]}.`,
    '_checkouts/dep/rebar.config': '',
    '.tool-versions': 'nodejs 22.0.0\nerlang 28.3.1\n',
  })
  expect(project.hooks).toMatchObject([
    { when: 'pre', step: 'compile', command: 'make -C c_src', system: 'linux' },
    { when: 'post', step: 'compile', provider: 'pc:compile' },
    { when: 'post', step: 'clean', provider: 'clean' },
  ])
  expect(project.extraSources).toEqual(['tools', 'bench'])
  expect(project.checkouts).toEqual(['dep'])
  expect(project.toolVersion).toMatchObject({ text: '28.3.1', location: { line: 2 } })
})

test('what only the build knows is a note', () => {
  const project = read({
    'rebar.config': '{relx, [{release, {app, git}, [app]}, {sys_config, "sys.config"}]}.',
    'rebar.config.script': 'CONFIG.',
    'relx.config': '{release, {app, "1.0.0"}, [app]}.',
    'src/app.app.src': app('app'),
    'src/app.app.src.script': 'CONFIG.',
  })
  expect(project.scripts).toEqual(['rebar.config.script', 'src/app.app.src.script'])
  expect(project.notes.map(({ message }) => message)).toEqual([
    'rebar.config.script is a program, so what it changes is unknown before the build',
    'src/app.app.src.script is a program, so what it changes is unknown before the build',
    'rebar3 ignores relx.config: rebar.config has relx on line 1',
    'the version of release app is known only to the build (git)',
    'sys.config of release app is missing',
  ])
})

test('relx.config is read without relx in rebar.config', () => {
  const project = read({
    'rebar.config': '{erl_opts, [debug_info]}.',
    'relx.config': '{release, {app, "1.0.0"}, [app]}.',
  })
  expect(findRelease(project)).toMatchObject({ name: 'app', location: { file: 'relx.config' } })
})

test('a folder without rebar.config is not a project, and a broken one is an error', () => {
  expect(readErlangProject(memoryFolder({ 'mix.exs': '' }))).toBeUndefined()
  expect(() => read({ 'rebar.config': 'deps.' })).toThrow(
    'rebar.config:1:1: expected a setting {key, Value}',
  )
  expect(() => read({ 'rebar.config': '{deps, [}.' })).toThrow('rebar.config:1:9: expected a term')
})

test('a release is expected', () => {
  const project = read({ 'rebar.config': '{deps, []}.' })
  expect(() => findRelease(project)).toThrow('expected one release in rebar.config, got none')
})
