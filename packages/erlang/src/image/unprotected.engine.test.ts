import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages, run } from '@erlmcp/testkit'
import { beforeAll, expect, it } from 'vitest'
import { projectOf } from '../../fixtures/erlang-project.ts'
import type { ErlangImageOptions } from '../index.ts'

/** A start script in place of relx's: what a project has that came from another deployment. */
const own = (flags: string) => `#!/bin/sh
cd "$(dirname "$0")/.."
export ROOTDIR=$PWD EMU=beam PROGNAME=erl
for BINDIR in "$PWD"/erts-*/bin; do export BINDIR; done
exec "$BINDIR/erlexec" -noinput -boot releases/3.0.0/start -config "$RELX_OUT_FILE_PATH/sys.config" ${flags}
`

/** Replaces `bin/erlmcp`, or puts another file into the release. */
const overlay = (target: string, text: string) => (folder: string) => {
  mkdirSync(join(folder, 'apps/overlay'))
  writeFileSync(join(folder, 'apps/overlay/file'), text, { mode: 0o755 })
  inRelx(folder, `{overlay, [{copy, "apps/overlay/file", "${target}"}]}`)
}

function inRelx(folder: string, term: string): void {
  const file = join(folder, 'rebar.config')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('{include_src, false}', `{include_src, false}, ${term}`))
}

describeEngine('a release that erlangImage cannot protect', () => {
  beforeAll(() => ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim']))

  const build = async (
    change: (folder: string) => void,
    more: Partial<ErlangImageOptions> = {},
    ...flags: string[]
  ) => {
    const folder = projectOf(more)
    try {
      change(folder)
      const { code, stderr } = await run(['docker', 'buildx', 'build', ...flags, folder], {
        timeout: 300_000,
      })
      const lines = stderr.match(/(?<=^#\d+ [\d.]+ )(?:rebar\.config|the base image).*/m)
      return `${code} ${lines?.[0] ?? stderr}`
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'without the start script of relx',
      (folder) => inRelx(folder, '{extended_start_script, false}'),
      /^1 rebar\.config: bin\/erlmcp does not start .*\{extended_start_script, true\}.* It does not take config\/vm\.args\.src$/,
    ],
    [
      'with a start script of its own, which has its own cookie',
      overlay('bin/erlmcp', own('-name a@127.0.0.1 -setcookie known')),
      /^1 rebar\.config: bin\/erlmcp does not start .*such as an overlay.* It does not take config\/vm\.args\.src$/,
    ],
    [
      'with the script of relx and one more flag',
      (folder) => {
        // The hook of another deployment, which edits the script after relx made it.
        const dockerfile = join(folder, 'Dockerfile')
        const edit = `RUN sed -i 's/-boot "$BOOTFILE"/-setcookie known &/' _build/prod/rel/erlmcp/bin/erlmcp`
        const text = readFileSync(dockerfile, 'utf8')
        writeFileSync(dockerfile, text.replace('# SOURCE_DATE_EPOCH', `${edit}\n# SOURCE`))
      },
      /It decides itself who may speak to the node, by -setcookie$/,
    ],
    [
      'with vm.args in its root, which relx prefers',
      overlay('vm.args', '-name a@0.0.0.0\n-setcookie known\n'),
      /It does not take config\/vm\.args\.src$/,
    ],
  ])('fails the build: %s', async (_, change, words) => {
    expect(await build(change)).toMatch(words)
  })

  it("fails the build: distribution: 'tls' without ssl", async () => {
    const change = (folder: string) => {
      const file = join(folder, 'apps/erlmcp/src/erlmcp.app.src')
      writeFileSync(file, readFileSync(file, 'utf8').replace('ssl, inets, ', ''))
    }
    expect(await build(change, { distribution: 'tls' })).toMatch(
      /^1 rebar\.config: distribution: 'tls' needs ssl among the applications of the release erlmcp: add it there/,
    )
  })

  it('fails the build: flags of the distribution in the base image', async () => {
    const change = (folder: string) => {
      const file = join(folder, 'Dockerfile')
      const env = 'ENV ERL_FLAGS="-setcookie known"'
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace(/(?<=AS runtime\n)/, `${env}\n`))
    }
    expect(await build(change)).toMatch(/^1 the base image or a stage above: .* has -setcookie: /)
  })
})
