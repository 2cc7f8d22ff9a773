import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose, env, secret, service } from '@erlmcp/compose'
import { stack, textFile } from '@erlmcp/core'
import { erlangImage } from '@erlmcp/erlang'
import { driftWorkflow, erlangGates, gates, gatesWorkflow, releaseWorkflow } from '@erlmcp/gates'
import { javascript, LogLevel, Project, python, TextFile, typescript } from 'projen'
import { describe, expect, test, vi } from 'vitest'
import { ErlmcpStack } from './index.ts'
import { checked, hostOf, outdir, quiet, read, tree, useProject } from './testing/project.ts'

useProject()

const web = (name: string, variable: string) =>
  service(name, { image: 'nginx:1.29.3', environment: { [variable]: env(variable, 'x') } })

describe('two stacks in one project', () => {
  const projenrc = () => {
    const project = new Project(quiet())
    new ErlmcpStack(project, stack('shop', [compose('shop.yaml', [web('shop', 'A')])]))
    new ErlmcpStack(project, stack('mail', [compose('mail.yaml', [web('mail', 'B')])]))
    project.synth()
  }

  test('are one project to erlmcp, with one manifest and joined files', async () => {
    projenrc()
    expect(read('.env.example')).toMatch(/^#?A=/m)
    expect(read('.env.example')).toMatch(/^#?B=/m)
    expect(read('shop.yaml')).toMatch(/^name: shop$/m)
    expect(read('mail.yaml')).toMatch(/^name: mail$/m)
    const { sources } = JSON.parse(read('.erlmcp/manifest.json'))
    expect(Object.keys(sources['.projenrc.ts'])).toEqual(['.env.example', 'mail.yaml', 'shop.yaml'])
    expect(await checked(projenrc)).toEqual([])
    const before = tree()
    projenrc()
    expect(tree()).toEqual(before)
  })

  test('are found by their names', async () => {
    const [folder] = (await hostOf(projenrc)).folders()
    expect(folder?.stacks.map(({ name }) => name)).toEqual(['shop', 'mail'])
  })

  test('of one name, or with one file that differs, are refused', () => {
    const project = new Project(quiet())
    const make = (name: string, text: string) =>
      new ErlmcpStack(project, stack(name, [{ documents: () => [textFile('a.txt', text)] }]))
    make('one', 'a')
    expect(() => make('one', 'a')).toThrow(/project shop: duplicate stack one/)
    make('two', 'b')
    expect(() => project.synth()).toThrow(/two different files have the path a\.txt/)
  })
})

describe('a stack in a subproject', () => {
  const image = erlangImage({ release: 'shop', version: '1.0.0', otp: '28.3.1' })
  const projenrc = () => {
    mkdirSync(join(outdir, 'services/shop/apps'), { recursive: true })
    for (const name of ['rebar.config', 'rebar.lock']) {
      writeFileSync(join(outdir, 'services/shop', name), '')
    }
    const root = new Project(quiet())
    const shop = new Project({ ...quiet(), parent: root, outdir: 'services/shop' })
    const quality = gates(Object.values(erlangGates()), { image: image.tools, sources: ['apps'] })
    new ErlmcpStack(
      shop,
      stack('shop', [
        image,
        quality,
        gatesWorkflow(quality),
        driftWorkflow(),
        releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/shop' }),
        compose('compose.yaml', [service('shop', { build: image.runtime }), ...quality.services]),
      ]),
    )
    new ErlmcpStack(root, stack('web', [compose('compose.yaml', [web('web', 'A')])]))
    root.synth()
  }

  test('has its workflows at the root, where GitHub reads them', async () => {
    projenrc()
    expect(existsSync(join(outdir, 'services/shop/.github'))).toBe(false)
    expect(read('services/shop/compose.yaml')).toMatch(/from \.\.\/\.\.\/\.projenrc\.ts\./)
    expect(read('.github/workflows/gates.yml')).toMatch(
      /from \.projenrc\.ts\. .*\n.*`npx projen`\./,
    )
    expect(await checked(projenrc)).toEqual([])
    const before = tree()
    projenrc()
    expect(tree()).toEqual(before)
    ;(await hostOf(projenrc)).write({ force: false, acknowledge: false })
    expect(tree()).toEqual(before)
  })

  test('runs its gates from the root, on its own files', () => {
    projenrc()
    const workflow = read('.github/workflows/gates.yml')
    expect(workflow).toContain(
      `npx erlmcp gate run "$GATE" --set "$SET" --stack '.projenrc.ts#shop' --no-build --cache`,
    )
    expect(workflow).toContain('path: services/shop/.erlmcp/cache')
    expect(workflow).toContain("hashFiles('services/shop/Dockerfile', 'services/shop/rebar.lock')")
    expect(workflow).not.toMatch(/working-directory: (?!'\.')/)
    expect(read('.github/workflows/release.yml')).toContain('context: services/shop\n')
    expect(read('.github/workflows/release.yml')).toContain('file: services/shop/Dockerfile')
  })

  test('has a manifest of its own', () => {
    projenrc()
    const manifest = JSON.parse(read('services/shop/.erlmcp/manifest.json'))
    expect(Object.keys(manifest.sources)).toEqual(['../../.projenrc.ts'])
    const top = JSON.parse(read('.erlmcp/manifest.json')).sources['.projenrc.ts']
    expect(Object.keys(top)).toContain('.github/workflows/gates.yml')
    expect(Object.keys(top)).toContain('compose.yaml')
  })
})

test('driftWorkflow() in the root and in a subproject is refused with both stacks', () => {
  const root = new Project(quiet())
  const api = new Project({ ...quiet(), name: 'api', parent: root, outdir: 'api' })
  new ErlmcpStack(root, stack('web', [driftWorkflow()]))
  new ErlmcpStack(api, stack('api', [driftWorkflow()]))
  expect(() => root.synth()).toThrow(
    /several\.test\.ts:\d+:\d+: duplicate file \.github\/workflows\/drift\.yml: the stacks web \(shop\) and api \(api\) generate it\n.*path: '\.github\/workflows\/drift-api\.yml'/,
  )
})

test('driftWorkflow() in the root and in a subproject, each with a path of its own', () => {
  const root = new Project(quiet())
  const api = new Project({ ...quiet(), name: 'api', parent: root, outdir: 'api' })
  new ErlmcpStack(root, stack('web', [driftWorkflow()]))
  new ErlmcpStack(api, stack('api', [driftWorkflow({ path: '.github/workflows/drift-api.yml' })]))
  root.synth()
  expect(existsSync(join(outdir, '.github/workflows/drift-api.yml'))).toBe(true)
})

test('a Python project gets a warning that its drift workflow installs nothing', () => {
  const printed = vi.spyOn(console, 'error').mockReturnValue()
  const drift = () => {
    const project = new python.PythonProject({
      ...quiet(),
      moduleName: 'shop',
      authorName: 'a',
      authorEmail: 'a@example.org',
      version: '1.0.0',
      projenrcPython: false,
      sample: false,
      logging: { level: LogLevel.WARN },
    })
    new ErlmcpStack(project, stack('shop', [driftWorkflow()]))
    printed.mockClear()
    project.synth()
    return printed.mock.calls.flat().join()
  }
  expect(drift()).toMatch(/no package\.json, of which .*drift\.yml install erlmcp: every run fails/)
  writeFileSync(join(outdir, 'package.json'), '{}')
  expect(drift()).not.toContain('package.json')
})

describe('a file that projen makes as well', () => {
  const image = erlangImage({ release: 'shop', version: '1.0.0', otp: '28.3.1' })

  test('release.yml of a TypeScriptProject is named with both of its makers', () => {
    const project = new typescript.TypeScriptProject({
      ...quiet(),
      defaultReleaseBranch: 'main',
      packageManager: javascript.NodePackageManager.NPM,
    })
    const release = releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/shop' })
    const make = () => new ErlmcpStack(project, stack('shop', [image, release]))
    expect(make).toThrow(
      /several\.test\.ts:\d+:\d+: duplicate file \.github\/workflows\/release\.yml: projen's workflow "release" and the stack shop generate it\n.*path: '\.github\/workflows\/release-image\.yml'.*`release: false`/,
    )
    expect(make).toThrow(expect.objectContaining({ stack: expect.not.stringMatching(/^ +at /m) }))
  })

  test('any other file is, too', () => {
    const project = new Project(quiet())
    new TextFile(project, 'compose.yaml', {})
    expect(
      () => new ErlmcpStack(project, stack('shop', [compose('compose.yaml', [web('a', 'A')])])),
    ).toThrow(
      /duplicate file compose\.yaml: the TextFile of the project and the stack shop generate it/,
    )
  })
})

describe('projen eject', () => {
  const described = () =>
    stack('shop', [
      driftWorkflow(),
      compose('compose.yaml', [service('web', { image: 'nginx:1.29.3', secrets: [secret('a')] })]),
    ])
  const projenrc = () => {
    const project = new Project(quiet())
    new ErlmcpStack(project, described())
    project.synth()
  }

  test('leaves files that are the user’s own: no header, writable, and no word of projen', async () => {
    projenrc()
    vi.stubEnv('PROJEN_EJECTING', 'true')
    projenrc()
    expect(read('compose.yaml')).not.toMatch(/projen|Made by|Do not edit/)
    expect(read('compose.yaml')).toMatch(/^name: shop$/m)
    expect(tree()['compose.yaml']).toMatch(/^644 /)
    expect(read('.github/workflows/drift.yml')).not.toMatch(/projen|run-task|git diff/)
  })

  test('and a stack.ts takes them over', async () => {
    const { preview, synthesize } = await import('@erlmcp/core')
    projenrc()
    vi.stubEnv('PROJEN_EJECTING', 'true')
    projenrc()
    const { artifacts } = synthesize(described(), { root: outdir })
    const { steps } = await preview(outdir, artifacts, { source: 'stack.ts' })
    expect(steps.map(({ action }) => action)).not.toContain('conflict')
  })
})
