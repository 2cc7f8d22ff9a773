import { rmSync } from 'node:fs'
import { describeEngine, ensureImages, must } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build, eventually, exec, once, projectOf, start } from '../../fixtures/erlang-project.ts'

const tag = 'erlang-image-test:debug'

describeEngine('the debug image', () => {
  let folder: string

  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
    folder = projectOf()
    const seconds = await build(folder, tag, '--target', 'debug')
    console.log(`debug image: ${seconds.toFixed(1)} s`)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('works on sources of the host as user 1000', async () => {
    await must(['chown', '-R', '1000:1000', folder])
    const work = 'id -un; pwd; touch ~/.cache/rebar3/x; rebar3 compile >&2; stat -c %u _build'
    const { code, stdout, stderr } = await once(
      tag,
      ['-v', `${folder}:/workspace`],
      'sh',
      '-euc',
      work,
    )
    expect([code, stdout], stderr).toEqual([0, 'erlmcp\n/workspace\n1000\n'])
  })

  it('has the tools and the same release', async () => {
    const tools = 'command -v erl rebar3 git curl strace tcpdump ps lsof ip vi less bash'
    expect((await once(tag, [], 'bash', '-euc', tools)).stdout.trim().split('\n')).toHaveLength(12)
    const container = await start(tag, '--entrypoint', '/opt/erlmcp/bin/start')
    const exitCode = async (...words: [string, ...string[]]) =>
      (await exec(container, ...words)).code
    await eventually('live', async () => (await exitCode('/opt/erlmcp/bin/health')) === 0)
    expect(await exitCode('/opt/erlmcp/bin/ctl', 'ping')).toBe(0)
  })
})
