import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose, service } from '@erlmcp/compose'
import { type Stack, stack, stateIgnore, textFile } from '@erlmcp/core'
import { erlangImage } from '@erlmcp/erlang'
import { driftWorkflow, erlangGates, gates, gatesWorkflow, releaseWorkflow } from '@erlmcp/gates'
import { javascript, Project, typescript } from 'projen'
import { describe, expect, test } from 'vitest'
import { ErlmcpStack } from './index.ts'
import { checked, hostOf, mode, outdir, quiet, read, tree } from './testing/project.ts'

const image = erlangImage({ release: 'shop', version: '1.0.0', otp: '28.3.1' })
const quality = gates(Object.values(erlangGates()), { image: image.tools, sources: ['apps'] })
const shop = service('shop', { build: image.runtime })

function whole(): Stack {
  return stack('shop', [
    image,
    quality,
    gatesWorkflow(quality),
    driftWorkflow(),
    releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/shop' }),
    compose('compose.yaml', [shop, ...quality.services]),
  ])
}

const typescriptProject = (options: Partial<typescript.TypeScriptProjectOptions> = {}) =>
  new typescript.TypeScriptProject({
    ...quiet(),
    defaultReleaseBranch: 'main',
    packageManager: javascript.NodePackageManager.NPM,
    projenrcTs: true,
    release: false,
    ...options,
  })

/** The file of a project: what `npx projen` and `erlmcp` both run. */
function projenrc(described: () => Stack = whole, options = {}) {
  mkdirSync(join(outdir, 'apps'), { recursive: true })
  writeFileSync(join(outdir, 'rebar.config'), '')
  writeFileSync(join(outdir, 'rebar.lock'), '[].')
  const project = typescriptProject()
  new ErlmcpStack(project, described(), options)
  project.synth()
}

const plain = (...texts: string[]) =>
  stack('shop', [
    { documents: () => texts.map((text) => textFile(`etc/${text}`, text, { comment: '#' })) },
  ])

describe('npx projen and erlmcp of one project', () => {
  test('agree about a stack with gates and workflows, in any order, and again', async () => {
    projenrc()
    const first = tree()
    expect(await checked(projenrc)).toEqual([])
    ;(await hostOf(projenrc)).write({ force: false, acknowledge: false })
    expect(tree()).toEqual(first)
    projenrc()
    expect(tree()).toEqual(first)
    expect(await checked(projenrc)).toEqual([])
  })

  test('also where erlmcp is the first to write', async () => {
    expect(await checked(projenrc)).toContain('compose.yaml is missing')
    ;(await hostOf(projenrc)).write({ force: false, acknowledge: false })
    const first = tree()
    projenrc()
    expect(tree()).toEqual(first)
  })

  test('erlmcp writes nothing before it is asked to', async () => {
    projenrc()
    const first = tree()
    await checked(() => projenrc(() => plain('a')))
    expect(tree()).toEqual(first)
  })

  test('have one header and one manifest, which git keeps', () => {
    projenrc()
    expect(read('compose.yaml')).toMatch(/^# Made by erlmcp from \.projenrc\.ts\. Do not edit:\n/)
    expect(Object.keys(JSON.parse(read('.erlmcp/manifest.json')).sources)).toEqual(['.projenrc.ts'])
    expect(read('.gitignore')).toMatch(/^!\/\.erlmcp\/manifest\.json$/m)
    expect(read('.erlmcp/.gitignore')).toBe(stateIgnore)
    expect(read('.projen/files.json')).toContain('"compose.yaml"')
  })

  test('keep a script runnable by the user of a container', () => {
    projenrc()
    expect(mode('docker/gates/run')).toBe(0o555)
    expect(mode('compose.yaml')).toBe(0o444)
  })

  test('agree after a checkout, which keeps no mode but the execute bit', async () => {
    projenrc()
    chmodSync(join(outdir, 'compose.yaml'), 0o644)
    chmodSync(join(outdir, 'docker/gates/run'), 0o755)
    expect(await checked(projenrc)).toEqual([])
    chmodSync(join(outdir, 'docker/gates/run'), 0o644)
    expect(await checked(projenrc)).toEqual(['docker/gates/run is not executable'])
  })

  test('agree after a service was removed', async () => {
    projenrc(() => plain('a', 'b'))
    expect(await checked(() => projenrc(() => plain('a')))).toEqual([
      'etc/b is no longer generated',
    ])
    projenrc(() => plain('a'))
    expect(Object.keys(tree())).not.toContain('etc/b')
    expect(await checked(() => projenrc(() => plain('a')))).toEqual([])
  })

  test('remove what is no longer made, also where the list of projen was lost', () => {
    projenrc(() => plain('a', 'b'))
    rmSync(join(outdir, '.projen'), { recursive: true })
    projenrc(() => plain('a'))
    expect(Object.keys(tree())).not.toContain('etc/b')
  })

  test('notice a file that was edited or removed by hand, and put it right', async () => {
    projenrc()
    const first = tree()
    chmodSync(join(outdir, 'compose.yaml'), 0o644)
    appendFileSync(join(outdir, 'compose.yaml'), '# mine\n')
    rmSync(join(outdir, 'Dockerfile'))
    expect(await checked(projenrc)).toEqual([
      'Dockerfile is missing',
      'compose.yaml was edited since it was generated',
    ])
    projenrc()
    expect(tree()).toEqual(first)
  })

  test('leave a file alone that was there before, and say so', () => {
    writeFileSync(join(outdir, 'compose.yaml'), 'services: {}\n')
    expect(() => projenrc()).toThrow(
      /compose\.yaml exists and was not generated by erlmcp\n {2}Nothing was written\. Move/,
    )
    expect(read('compose.yaml')).toBe('services: {}\n')
  })

  test('take over what a stack.ts made, unless it was edited', async () => {
    const { write, synthesize } = await import('@erlmcp/core')
    writeFileSync(join(outdir, 'stack.ts'), '')
    await write(outdir, synthesize(plain('a'), { root: outdir }).artifacts)
    projenrc(() => plain('a'))
    expect(read('etc/a')).toContain('.projenrc.ts')
    expect(Object.keys(JSON.parse(read('.erlmcp/manifest.json')).sources)).toEqual(['.projenrc.ts'])
  })

  test('agree where git does not keep the files, but for the workflows', async () => {
    projenrc(whole, { committed: false })
    expect(read('.gitignore')).toMatch(/^\/compose\.yaml$/m)
    expect(read('.gitignore')).toMatch(/^!\/\.github\/workflows\/gates\.yml$/m)
    expect(read('.github/workflows/gates.yml')).toContain('npm ci\n          npx projen\n')
    expect(await checked(() => projenrc(whole, { committed: false }))).toEqual([])
  })
})

describe('the workflows run what the project runs', () => {
  const { NPM, PNPM, BUN, YARN_BERRY, YARN_CLASSIC } = javascript.NodePackageManager

  test.each([
    [NPM, 'npm ci', 'npx projen', 'npx erlmcp'],
    [PNPM, 'corepack enable && pnpm i --frozen-lockfile', 'pnpm exec projen', 'pnpm exec erlmcp'],
    [YARN_CLASSIC, 'yarn install --check-files --frozen-lockfile', 'npx projen', 'npx erlmcp'],
    [YARN_BERRY, 'corepack enable && yarn install --immutable', 'yarn projen', 'yarn erlmcp'],
    [
      BUN,
      'npm install --global bun@1.4.5 && bun install --frozen-lockfile',
      'bunx projen',
      'bunx erlmcp',
    ],
  ])('with %s', (packageManager, install, projen, erlmcp) => {
    const project = typescriptProject({ packageManager })
    new ErlmcpStack(project, stack('shop', [driftWorkflow()]))
    project.synth()
    const workflow = read('.github/workflows/drift.yml')
    expect(workflow).toContain(`run: ${install}\n`)
    expect(workflow).toContain(`          ${erlmcp} check --format github\n          ${projen}\n`)
    expect(workflow).toContain(`run \`${projen}\``)
  })

  test('also where projen does not manage the packages', () => {
    writeFileSync(join(outdir, 'pnpm-lock.yaml'), '')
    const project = new Project(quiet())
    new ErlmcpStack(project, stack('shop', [driftWorkflow()]))
    project.synth()
    expect(read('.github/workflows/drift.yml')).toContain('pnpm install --frozen-lockfile')
  })
})
