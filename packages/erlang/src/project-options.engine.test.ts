import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build, eventually, exec, hardened, start, writeImage } from '../fixtures/erlang-project.ts'
import { erlangImage } from './image.ts'
import { readErlangProject } from './project/read-project.ts'

/** A single application, a version from a file, an overlay, and configuration of its own. */
const files: Readonly<Record<string, string>> = {
  'rebar.config': `{relx, [{release, {'Web-Node', {file, "VERSION"}}, [tiny, sasl]},
    {sys_config, "rel/own.config"}, {vm_args, "./rel/own.args"}, {extended_start_script, true},
    {overlay, [{copy, "rel/extra.txt", "extra.txt"}]}]}.
    {profiles, [{prod, [{relx, [{mode, prod}]}]}]}.`,
  'rebar.lock': '[].',
  VERSION: '1.4.0\n',
  'rel/own.config': '[].',
  'rel/own.args': '-sname own',
  'rel/extra.txt': 'extra',
  'src/tiny.app.src': `{application, tiny, [{description, "tiny"}, {vsn, {file, "VERSION"}},
    {registered, []}, {modules, []}, {applications, [kernel, stdlib]}, {mod, {tiny_app, []}}]}.`,
  'src/tiny_app.erl': `-module(tiny_app).
    -export([start/2, stop/1]).
    start(_, _) -> {ok, spawn_link(fun() -> receive stop -> ok end end)}.
    stop(_) -> ok.`,
}

describeEngine('an image without options', () => {
  let folder: string
  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
    folder = mkdtempSync(join(tmpdir(), 'erlang-project-'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is built from what the project says, and starts', async () => {
    const image = erlangImage({ project: readErlangProject(folder)! })
    writeImage(folder, image)
    await build(folder, 'web-node:project-test')
    const container = await start('web-node:project-test', ...hardened)
    await eventually('Web-Node answers', async () => {
      return (await exec(container, 'bin/Web-Node', 'ping')).stdout.includes('pong')
    })
    const { stdout } = await exec(container, 'cat', 'extra.txt', 'releases/start_erl.data')
    expect(stdout).toMatch(/^extra.* 1\.4\.0$/m)
  }, 600_000)
})
