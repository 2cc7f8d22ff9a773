import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, runLabel } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, shimFolder } from '../run/index.ts'
import { ways as all, putWays } from '../testing/ways.ts'

// Without its environment a container cannot be told from a host.
const ways = all.filter((line) => !line.startsWith('env -i'))

describeEngine('the guard, inside a container', () => {
  const image = 'erlang:28.3.1'
  const root = mkdtempSync(join(tmpdir(), 'erlmcp-guard-'))

  beforeAll(async () => {
    await ensureImages([image])
    installGuard(root, constitution())
    cpSync(join(root, '.erlmcp/guard'), join(root, 'guard'), { recursive: true })
    putWays(root, ways)
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  const inside = (...argv: string[]) =>
    must([
      ...(['docker', 'run', '--rm', '--label', runLabel()] as const),
      ...['--user', `${process.getuid!()}`, '--env', 'HOME=/tmp', '--volume', `${root}:/guarded`],
      ...['--env', 'ERLMCP_IN_CONTAINER=1', '--workdir', '/guarded', image, ...argv],
    ])

  it(`runs all of the ${ways.length} ways that it refuses on a host`, async () => {
    const { stdout } = await inside('sh', '/guarded/run')
    const answers = stdout.trim().split('\n')
    expect(answers.map((line, index) => `${line.split(' ')[0]}: ${ways[index]}`)).toEqual(
      ways.map((line) => `ran: ${line}`),
    )
  })

  it('gives way to the real programs', async () => {
    const script = `PATH=/guarded/${shimFolder}:$PATH; command -v erl; command -v rebar3
      erl -noshell -eval 'io:format("~w~n", [1 + 1]), halt(5).'; echo "exit $?"
      rebar3 version`
    const { stdout } = await inside('sh', '-c', script)
    expect(stdout).toMatch(
      /^\/guarded\/\.erlmcp\/guard\/bin\/erl\n\/guarded\/\.erlmcp\/guard\/bin\/rebar3\n2\nexit 5\nrebar \d/,
    )
  })
})
