import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Artifact, type BuiltImage, type Source, stack, synthesize } from '@erlmcp/core'
import { findTool, githubParser, run } from '@erlmcp/testkit'
import { afterAll, describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import {
  driftWorkflow,
  erlangGates,
  type GatesWorkflowOptions,
  type GateValue,
  gate,
  gates,
  gatesWorkflow,
  type ReleaseWorkflowOptions,
  releaseWorkflow,
} from '../index.ts'

const image: BuiltImage = {
  image: 'shop:1.0.0-tools',
  build: { context: '.', dockerfile: 'Dockerfile', target: 'tools' },
  user: '1000:1000',
  writable: [],
}

const erlang = erlangGates({
  prefix: 'shop-',
  bench: {},
  cluster: { suite: 'test/shop_cluster_SUITE' },
})
const all = Object.values(erlang)

function written(sources: readonly Source[]): readonly Artifact[] {
  const { artifacts, findings } = synthesize(stack('shop', sources))
  expect(findings).toEqual([])
  return artifacts
}

const textOf = (source: Source) => written([source])[0]!.text

const gatesFile = (values: readonly GateValue[], options?: GatesWorkflowOptions) =>
  parse(textOf(gatesWorkflow(gates(values, { image }), options)))

describe('gatesWorkflow', () => {
  const { on, permissions, jobs } = gatesFile(all)
  const names = all.map(({ name }) => name)
  const step = (job: string, name: string) =>
    jobs[job].steps.find((one: { name?: string }) => one.name === name)

  it('has a job for each gate, after those of the gates that it needs', () => {
    expect(Object.keys(jobs)).toEqual([...names, 'gate'])
    expect(jobs.compile.needs).toBeUndefined()
    expect(jobs.dialyzer.needs).toEqual(['compile'])
    expect(jobs.coverage.needs).toEqual(['eunit', 'ct'])
    for (const name of names) {
      expect(step(name, `Gate ${name}`).run).toMatch(
        new RegExp(`^npx erlmcp gate run ${name} --cache \\.erlmcp/cache --reuse( |$)`),
      )
    }
  })

  it('ends with the one job to require, which waits for all of them, whatever they end with', () => {
    const { needs, if: condition, steps } = jobs.gate
    expect(needs).toEqual(names)
    expect(condition).toBe('always()')
    expect(Object.values(steps[0].env)).toEqual(names.map((name) => `\${{ needs.${name}.result }}`))
  })

  it('runs for the merge queue too, and for the branches that it is told', () => {
    expect(on).toEqual({ push: { branches: ['main'] }, pull_request: null, merge_group: null })
    expect(gatesFile(all, { branches: ['trunk'] }).on.push.branches).toEqual(['trunk'])
  })

  it('may read the sources, and nothing else', () => {
    expect(permissions).toEqual({})
    for (const name of names) expect(jobs[name].permissions, name).toEqual({ contents: 'read' })
    expect(jobs.gate.permissions).toBeUndefined()
  })

  it('gives a gate its own time, and more for the image', () => {
    expect(jobs.eunit['timeout-minutes']).toBe(10 + 15)
    const slow = gate('slow', { service: 'shop-check', command: ['a'], timeout: '90s' })
    expect(gatesFile([slow]).jobs.slow['timeout-minutes']).toBe(2 + 15)
  })

  it('keeps the evidence of every gate, also of a red one, where those that take it look', () => {
    for (const name of names) {
      const kept = step(name, 'Keep the evidence')
      expect(kept.if).toBe('always()')
      expect(kept.with).toMatchObject({ name: `gate-${name}`, path: `.erlmcp/gates/${name}` })
    }
    const uploaded = step('eunit', 'Keep the evidence').with
    const taken = step('coverage', 'Evidence of eunit').with
    expect(taken).toEqual({ name: uploaded.name, path: uploaded.path })
  })

  it('gives a base revision to the gate that compares, and its history; to no other', () => {
    for (const name of names) {
      const { env, run } = step(name, `Gate ${name}`)
      const depth = jobs[name].steps[0].with['fetch-depth']
      if (name === 'bench') {
        const base = 'github.event.pull_request.base.sha || github.event.merge_group.base_sha'
        expect(env).toEqual({ BASE: `\${{ ${base} }}` })
        expect(run).toMatch(/ \$\{BASE:\+--base "\$BASE"\}$/)
        expect(depth).toBe(0)
      } else expect([env, depth], name).toEqual([undefined, undefined])
    }
  })

  it('installs as it is told', () => {
    const file = gatesFile([erlang.compile], { install: 'corepack pnpm i', node: '24' })
    const { steps } = file.jobs.compile
    expect(steps[1].with).toEqual({ 'node-version': '24' })
    expect(steps[2].run).toBe('corepack pnpm i')
  })
})

describe('what people write does not get out of its place', () => {
  const quality = gates([erlang.compile], { image })

  it.each(["main'\n  pull_request_target: null #", 'a"b', '# main', '*main'])(
    'a branch %j',
    (branch) => {
      const [{ text }] = synthesize(stack('shop', [driftWorkflow({ branches: [branch] })]))
        .artifacts as [Artifact]
      const { on } = parse(text)
      expect(Object.keys(on)).toEqual(['push', 'pull_request', 'merge_group'])
      expect(on.push.branches).toHaveLength(1)
    },
  )

  it('an expression among branches is refused', () => {
    const stacked = stack('shop', [driftWorkflow({ branches: ['${{ github.token }}'] })])
    expect(() => synthesize(stacked)).toThrow('has an expression in plain text')
  })

  it('an expression is refused where a shell would read it', () => {
    const install = 'npm ci # ${{ github.head_ref }}'
    expect(() => gatesWorkflow(quality, { install })).toThrow('a script takes no expression')
  })

  it('a gate cannot take the place of the job to require', () => {
    const one = gate('gate', { service: 'a', command: ['a'], timeout: '1m' })
    expect(() => gatesFile([one])).toThrow('a gate is called gate')
  })

  it('a file that GitHub does not look at is refused', () => {
    const path = '.github/workflows/../../ci.yml' as const
    expect(() => gatesWorkflow(quality, { path })).toThrow('GitHub does not look')
  })

  it.each([
    'ghcr.io/acme/app:1.0.0',
    'ghcr.io/Acme/app',
    'ghcr.io/acme/app,push=false',
    'ghcr.io/acme/app\nx',
    '${{ github.repository }}',
    '',
  ])('%j is no repository', (repository) => {
    expect(() => releaseWorkflow(image, { repository })).toThrow('cannot be the repository')
  })

  it.each(['acme/app', 'ghcr.io/acme/app', 'localhost:5000/app', 'a.example:443/b/c_d-e.f'])(
    '%s is one',
    (repository) => {
      expect(textOf(releaseWorkflow(image, { repository }))).toContain(`REPOSITORY: ${repository}`)
    },
  )
})

describe('releaseWorkflow', () => {
  const releaseOf = (options: Partial<ReleaseWorkflowOptions> = {}) =>
    parse(textOf(releaseWorkflow(image, { repository: 'ghcr.io/acme/app', ...options })))
  const { on, jobs, concurrency } = releaseOf()

  it('builds each platform on a machine of its kind, joins, signs and scans', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } })
    expect(jobs.build.strategy.matrix.include).toEqual([
      { platform: 'linux/amd64', runner: 'ubuntu-24.04' },
      { platform: 'linux/arm64', runner: 'ubuntu-24.04-arm' },
    ])
    expect(jobs.publish.needs).toEqual(['build'])
    expect(jobs.scan.needs).toEqual(['publish'])
    expect(concurrency).toEqual({ group: 'release', 'cancel-in-progress': false })
  })

  it('builds with provenance and SBOM, and from no cache that a pull request could fill', () => {
    const build = jobs.build.steps.find(({ id }: { id?: string }) => id === 'image').with
    expect(build).toMatchObject({ provenance: 'mode=max', sbom: true, target: 'tools' })
    expect(JSON.stringify(jobs)).not.toContain('cache')
  })

  it('has no right in a job that does not need it', () => {
    const { build, publish, scan } = jobs
    expect(build.permissions).toEqual({ contents: 'read', packages: 'write' })
    expect(Object.keys(publish.permissions).sort()).toEqual([
      'attestations',
      'contents',
      'id-token',
      'packages',
    ])
    expect(scan.permissions).toMatchObject({ packages: 'read', 'security-events': 'write' })
  })

  it('logs in where the image belongs, as the run itself or with secrets', () => {
    const loginOf = (options: Partial<ReleaseWorkflowOptions>) =>
      releaseOf(options).jobs.scan.steps[0].with
    expect(loginOf({})).toEqual({
      registry: 'ghcr.io',
      username: '${{ github.actor }}',
      password: '${{ github.token }}',
    })
    const login = { username: 'HUB_USER', password: 'HUB_TOKEN' }
    const guarded = { repository: 'acme/app', login, environment: 'release' }
    const { build, publish, scan } = releaseOf(guarded).jobs
    for (const one of [build, publish, scan]) expect(one.environment).toBe('release')
    expect(loginOf(guarded)).toEqual({
      username: '${{ secrets.HUB_USER }}',
      password: '${{ secrets.HUB_TOKEN }}',
    })
  })
})

test('driftWorkflow asks whether the files are what the stack makes', () => {
  const { jobs } = parse(textOf(driftWorkflow()))
  expect(Object.keys(jobs)).toEqual(['drift'])
  expect(jobs.drift.permissions).toEqual({ contents: 'read' })
  expect(jobs.drift.steps.at(-1).run).toBe('npx erlmcp check --format github')
})

describe('to other programs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-gate-workflows-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const artifacts = written([
    gatesWorkflow(gates(all, { image })),
    driftWorkflow(),
    releaseWorkflow(image, { repository: 'ghcr.io/acme/app' }),
  ])
  for (const { path, text } of artifacts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  execFileSync('git', ['init', '-q'], { cwd: folder })

  it('GitHub’s own parser takes them', async () => {
    const problems = await githubParser()
    for (const { path, text } of artifacts) expect(await problems(path, text), path).toEqual([])
  })

  const actionlint = findTool('actionlint')
  it.skipIf(!actionlint)('actionlint finds nothing (skipped without actionlint)', async () => {
    const { code, stdout } = await run([actionlint!, '-no-color'], { cwd: folder })
    expect([code, stdout]).toEqual([0, ''])
  })

  const zizmor = findTool('zizmor')
  it.skipIf(!zizmor)('zizmor finds nothing (skipped without zizmor)', async () => {
    const words = ['--offline', '--no-progress', '--persona', 'pedantic', '--format', 'plain', '.']
    const { code, stdout, stderr } = await run([zizmor!, ...words], { cwd: folder })
    expect(stdout, stderr).toContain('No findings to report')
    expect(code).toBe(0)
  })
})
