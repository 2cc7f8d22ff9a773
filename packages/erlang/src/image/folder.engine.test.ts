import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  build,
  eventually,
  exec,
  hardened,
  projectOf,
  start,
  writeImage,
} from '../../fixtures/erlang-project.ts'
import { erlangImage } from '../index.ts'

describeEngine('two releases of one project', () => {
  let folder: string

  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
    folder = projectOf()
    writeImage(
      folder,
      erlangImage({ release: 'worker', version: '1.0.0', otp: '28.3.1', folder: 'deploy/worker' }),
    )
    const config = join(folder, 'rebar.config')
    const second = `{release, {worker, "1.0.0"}, [erlmcp_core, sasl], [
        {vm_args_src, "deploy/worker/config/vm.args.src"},
        {sys_config_src, "deploy/worker/config/sys.config.src"},
        {extended_start_script, true},
        {mode, prod}
    ]},
    {release, {erlmcp,`
    writeFileSync(config, readFileSync(config, 'utf8').replace('{release, {erlmcp,', second))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['erlmcp', '3.0.0', 'Dockerfile'],
    ['worker', '1.0.0', 'deploy/worker/Dockerfile'],
  ])('%s is built from its own files, and starts', async (release, version, file) => {
    const tag = `erlang-folder-test:${release}`
    await build(folder, tag, '--file', join(folder, file))
    const container = await start(tag, ...hardened)
    const runningVersion = async () => (await exec(container, 'bin/ctl', 'version')).stdout
    await eventually('started', async () => (await runningVersion()).includes(version))
    const { stdout } = await exec(container, 'ls', `/opt/${release}/releases`)
    expect(stdout).toContain(`${version}\n`)
    expect(stdout).not.toContain(release === 'worker' ? '3.0.0' : '1.0.0')
  })
})
