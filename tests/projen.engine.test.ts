import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { example } from './testing/example.ts'
import { installPacked } from './testing/packed.ts'

// A projen project outside this repository, from the packed packages, whose gates run on an engine.

const projenrc = `import { compose, service } from '@erlmcp/compose'
import { stack } from '@erlmcp/core'
import { erlangImage } from '@erlmcp/erlang'
import { driftWorkflow, erlangGates, gates, gatesWorkflow, releaseWorkflow } from '@erlmcp/gates'
import { ErlmcpStack } from '@erlmcp/projen'
import { javascript, typescript } from 'projen'

const project = new typescript.TypeScriptProject({
  name: 'erlmcp',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  release: false,
})
const image = erlangImage({ release: 'erlmcp', version: '3.0.0', otp: '28.3.1' })
const sources = ['apps', 'rebar.config', 'rebar.lock']
const quality = gates(Object.values(erlangGates()), { image: image.tools, sources })
new ErlmcpStack(
  project,
  stack('erlmcp', [
    image,
    quality,
    gatesWorkflow(quality),
    driftWorkflow(),
    releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/erlmcp' }),
    compose('compose.yaml', [service('erlmcp', { build: image.runtime }), ...quality.services]),
  ]),
)
project.synth()
`

// What ts-node needs, which a TypeScriptProject runs its file with.
const needed = [
  ...['tsx@4.23.15', 'projen@0.103.25', 'constructs@10.5.0', 'ts-node@10.9.2'],
  ...['typescript@5.9.3', '@types/node@20.19.41', '@types/jest@30.0.0'],
]

const env = { COMPOSE_PROJECT_NAME: `erlmcp-projen-${process.pid}`, NO_COLOR: '1', CI: '1' }

describeEngine('a TypeScriptProject of projen with gates, drift and release workflows', () => {
  let home: string
  let folder: string
  const command = (...words: string[]) =>
    run(['npx', ...words], {
      cwd: folder,
      env: { ...env, PROJEN_DISABLE_POST: '1' },
      timeout: 600_000,
    })
  const good = async (...words: string[]) => {
    const { code, stdout, stderr } = await command(...words)
    expect(code, `${words.join(' ')}\n${stdout}${stderr}`).toBe(0)
    return stdout + stderr
  }

  beforeAll(async () => {
    home = await installPacked(needed)
    folder = join(home, 'project')
    mkdirSync(folder)
    for (const path of ['apps', 'rebar.config', 'rebar.lock']) {
      cpSync(join(example, path), join(folder, path), { recursive: true })
    }
    writeFileSync(join(folder, '.projenrc.ts'), projenrc)
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
  })

  afterAll(async () => {
    const down = ['docker', 'compose', '--profile', 'gates', 'down', '--volumes'] as const
    await must([...down], { cwd: folder, env })
    rmSync(home, { recursive: true, force: true })
  }, 300_000)

  it('is green: npx projen twice, erlmcp check, and a gate, as its workflows run them', async () => {
    await good('tsx', '.projenrc.ts')
    await must(['git', 'init', '-q', '.'], { cwd: folder })
    await must(['git', 'add', '--all'], { cwd: folder })
    await good('projen', '--no-post')
    await good('erlmcp', 'check', '--format', 'github')
    const { stdout: changed } = await must(['git', 'diff', '--name-only'], { cwd: folder })
    expect(changed).toBe('')
    const line = /npx (erlmcp gate run "\$GATE" .*)/.exec(
      readFileSync(join(folder, '.github/workflows/gates.yml'), 'utf8'),
    )![1]!
    // A job of its own builds the image there, and the matrix says which gate of which set.
    const gate = line.replace('"$GATE" --set "$SET"', 'xref').replace(' --no-build', '')
    expect(gate).not.toContain('$')
    expect(await good(...gate.split(' '))).toContain('xref')
    await good('erlmcp', 'check')
    // What the gate leaves behind is not for git.
    const { stdout: left } = await must(['git', 'status', '--short', '--untracked-files=all'], {
      cwd: folder,
    })
    expect(left.split('\n').filter((line) => line.startsWith('?? '))).toEqual([])
  })
})
