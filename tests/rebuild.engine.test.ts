import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { erlangImage } from '@erlmcp/erlang'
import { describeEngine, ensureImages, must, runLabel } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

// What a one-line change costs: our order of layers against the usual one, which copies the sources
// before it fetches dependencies. The dependency has 50 modules: a few of those of a web server and its friends.

const usualDockerfile = `FROM erlang:28.3.1 AS builder
WORKDIR /build
COPY rebar.config rebar.lock ./
COPY big.repo/ ./big.repo/
COPY apps/ ./apps/
COPY config/ ./config/
RUN rebar3 as prod get-deps compile
RUN rebar3 as prod release
`

const rebarConfig = `{deps, [{big, {git, "file:///build/big.repo", {branch, "main"}}}]}.
{relx, [{release, {app, "1.0.0"}, [app]}, {extended_start_script, true},
        {vm_args_src, "config/vm.args.src"}, {sys_config_src, "config/sys.config.src"}]}.
{profiles, [{prod, [{relx, [{mode, prod}]}]}]}.
`

const appSource = (line: string) => `-module(app).
-behaviour(application).
-export([start/2, stop/1, line/0]).
start(_, _) -> supervisor_bridge:start_link(app, big_1).
stop(_) -> ok.
line() -> ${line}.
`

/** A module that takes the compiler a while: many clauses over binaries and maps. */
function bigModule(n: number): string {
  const functions = Array.from(
    { length: 25 },
    (
      _,
      f,
    ) => `f${f}(<<A:8, B:16/little, Rest/binary>>, #{key := {K, ${n + f}}} = M) when A > ${f} ->
    [{A, B, K} | f${f}(Rest, M#{last => {B, A}})];
f${f}(<<${f}, Rest/binary>>, M) -> lists:reverse([X || X <- f${f}(Rest, M), X =/= {${f}, M}]);
f${f}(<<>>, _) -> [].`,
  )
  const names = functions.map((_, f) => `f${f}/2`).join(', ')
  return `-module(big_${n}).\n-export([${names}]).\n${functions.join('\n')}\n`
}

describeEngine('a one-line change', () => {
  let folder: string
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }

  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1', 'erlang:28.3.1-slim', 'debian:trixie-slim'])
    folder = mkdtempSync(join(tmpdir(), 'erlmcp-rebuild-'))
    const image = erlangImage({
      release: 'app',
      version: '1.0.0',
      otp: '28.3.1',
      packages: { build: ['git', 'ca-certificates'] },
      dependencyFiles: ['rebar.config', 'rebar.lock', 'big.repo/'],
    })
    for (const { path, text } of synthesize(stack('rebuild', [image])).artifacts) put(path, text)
    put('Dockerfile.usual', usualDockerfile)
    put('rebar.config', rebarConfig)
    put('rebar.lock', '[].\n')
    put(
      'apps/app/src/app.app.src',
      '{application, app, [{vsn, "1.0.0"}, {mod, {app, []}}, {applications, [kernel, stdlib, big]}]}.\n',
    )
    for (let n = 1; n <= 50; n++) put(`big/src/big_${n}.erl`, bigModule(n))
    put(
      'big/src/big.app.src',
      '{application, big, [{vsn, "1.0.0"}, {applications, [kernel, stdlib]}]}.\n',
    )
    put('big/rebar.config', '{erl_opts, [debug_info]}.\n')
    const author = 'git -c user.name=t -c user.email=t@example.org'
    const commit = `git init -q -b main && git add . && ${author} commit -q -m big`
    await must(['sh', '-c', commit], { cwd: join(folder, 'big') })
    await must(['git', 'clone', '-q', '--bare', join(folder, 'big'), join(folder, 'big.repo')])
    rmSync(join(folder, 'big'), { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** A build of the builder after the line became `line`: seconds, and what was compiled. */
  async function build(dockerfile: string, line: string) {
    put('apps/app/src/app.erl', appSource(line))
    const begin = performance.now()
    const { stderr } = await must(
      [
        ...(['docker', 'build', '--progress', 'plain', '--label', runLabel()] as const),
        ...['-f', dockerfile, '--target', 'builder', '.'],
      ],
      { cwd: folder, timeout: 900_000 },
    )
    const compiled = [...stderr.matchAll(/===> Compiling (\w+)/g)].map((match) => match[1])
    return { seconds: (performance.now() - begin) / 1000, compiled }
  }

  // The ratio is printed, and what makes it is asserted: a time would fail on a busy machine.
  it('compiles the application alone, where the usual order compiles everything', async () => {
    await build('Dockerfile', '1')
    await build('Dockerfile.usual', '1')
    const ours = await build('Dockerfile', '2')
    const usual = await build('Dockerfile.usual', '2')
    const times = (usual.seconds / ours.seconds).toFixed(1)
    console.log(
      `rebuild: ${ours.seconds.toFixed(1)} s, usual order ${usual.seconds.toFixed(1)} s, ${times} times`,
    )
    expect(ours.compiled).toEqual(['app'])
    expect(usual.compiled).toEqual(['big', 'app'])
  })
})
