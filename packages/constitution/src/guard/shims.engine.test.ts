import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, runLabel } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, shimFolder } from '../run.ts'
import { invocations as all, writeInvocations } from '../testing/invocations.ts'

// `env -i` removes the variable of containers.
const invocations = all.filter((line) => !line.startsWith('env -i'))

describeEngine('the guard in a container', () => {
  const image = 'erlang:28.3.1'
  const root = mkdtempSync(join(tmpdir(), 'erlmcp-guard-'))

  beforeAll(async () => {
    await ensureImages([image])
    installGuard(root, constitution())
    cpSync(join(root, '.erlmcp/guard'), join(root, 'guard'), { recursive: true })
    writeInvocations(root, invocations)
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  const inside = (...argv: string[]) =>
    must([
      ...(['docker', 'run', '--rm', '--label', runLabel()] as const),
      ...['--user', `${process.getuid!()}`, '--env', 'HOME=/tmp', '--volume', `${root}:/guarded`],
      ...['--env', 'ERLMCP_IN_CONTAINER=1', '--workdir', '/guarded', image, ...argv],
    ])

  it(`runs all of the ${invocations.length} invocations that it refuses on a host`, async () => {
    const { stdout } = await inside('sh', '/guarded/run')
    const results = stdout.trim().split('\n')
    expect(results.map((line, index) => `${line.split(' ')[0]}: ${invocations[index]}`)).toEqual(
      invocations.map((line) => `ran: ${line}`),
    )
  })

  it('runs the real programs', async () => {
    const script = `PATH=/guarded/${shimFolder}:$PATH; command -v erl; command -v rebar3
      erl -noshell -eval 'io:format("~w~n", [1 + 1]), halt(5).'; echo "exit $?"
      rebar3 version`
    const { stdout } = await inside('sh', '-c', script)
    expect(stdout).toMatch(
      /^\/guarded\/\.erlmcp\/guard\/bin\/erl\n\/guarded\/\.erlmcp\/guard\/bin\/rebar3\n2\nexit 5\nrebar \d/,
    )
  })
})
