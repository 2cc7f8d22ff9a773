import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { healthy, secret, service } from '@erlmcp/compose'
import { type Artifact, type BuiltImage, type Source, stack, synthesize } from '@erlmcp/core'
import { findTool, githubParser, run } from '@erlmcp/testkit'
import type { RunnerSelector } from '@erlmcp/workflow'
import fc from 'fast-check'
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
  otpMatrix,
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

function rawExpression(sources: readonly Source[]): readonly Artifact[] {
  const { artifacts, diagnostics } = synthesize(stack('shop', sources))
  // Runners and secrets are the user's choice.
  const own = ['workflow/self-hosted-runner', 'workflow/secrets-outside-env']
  expect(diagnostics.filter(({ rule }) => !own.includes(rule))).toEqual([])
  return artifacts
}

const textOf = (source: Source) => rawExpression([source])[0]!.text

const gatesFile = (values: readonly GateValue[], options?: GatesWorkflowOptions) =>
  parse(textOf(gatesWorkflow(gates(values, { image }), options)))

describe('gatesWorkflow', () => {
  const { on, permissions, jobs } = gatesFile(all)
  const stage = (job: string): string[] =>
    jobs[job].strategy.matrix.include.map(({ gate }: { gate: string }) => gate)
  const step = (job: string, name: string) =>
    jobs[job].steps.find((one: { name?: string }) => one.name === name)

  it('builds the image once for all gates, with cached layers', () => {
    const build = step('image', 'Build the image of the gates').with
    expect(build).toMatchObject({ target: 'tools', tags: image.image })
    expect(build['cache-from']).toBe('type=gha,scope=image.gates.1')
    expect(build['cache-to']).toContain('ignore-error=true')
    expect(JSON.stringify(jobs).match(/build-push-action/g)).toHaveLength(1)
    for (const id of ['gates', 'gates-base', 'gates-2']) {
      expect(jobs[id].needs).toContain('image')
      expect(step(id, 'Load the image').run).toContain('docker load')
    }
  })

  it('runs the gates stage by stage, those of a stage in parallel', () => {
    expect(Object.keys(jobs)).toEqual(['image', 'gates', 'gates-base', 'gates-2', 'gate'])
    // A gate that builds runs in every job, so that none waits for it.
    expect(stage('gates')).toEqual(['compile', 'eunit', 'ct', 'dialyzer', 'xref', 'cluster'])
    expect(stage('gates-base')).toEqual(['bench'])
    expect(stage('gates-2')).toEqual(['coverage'])
    expect(jobs.gates.needs).toEqual(['image'])
    expect(jobs['gates-base'].needs).toEqual(['image'])
    expect(jobs['gates-2'].needs).toEqual(['image', 'gates'])
    const { run, env } = step('gates', 'Gate ${{ matrix.gate }}')
    expect(run).toBe(
      'npx erlmcp gate run "$GATE" --set "$SET" --no-build --cache .erlmcp/cache --reuse',
    )
    expect(env).toEqual({ GATE: '${{ matrix.gate }}', SET: 'gates' })
  })

  it('is hardly longer with another gate', () => {
    const linesOf = (values: readonly GateValue[]) =>
      textOf(gatesWorkflow(gates(values, { image }))).split('\n').length
    const six = Object.values(erlangGates())
    const { compile } = erlangGates()
    const more = gate('more', { ...compile.spec, command: ['more'], builds: false })
    expect(linesOf(six)).toBeLessThan(230)
    expect(linesOf([...six, more])).toBe(linesOf(six) + 2)
  })

  it('ends with the job to require, which waits for all others', () => {
    const { needs, if: condition, steps } = jobs.gate
    expect(needs).toEqual(['image', 'gates', 'gates-base', 'gates-2'])
    expect(condition).toBe('always()')
    expect(Object.values(steps[0].env)).toHaveLength(4)
  })

  it('runs for the merge queue and the given branches', () => {
    expect(on).toEqual({ push: { branches: ['main'] }, pull_request: null, merge_group: null })
    expect(gatesFile(all, { branches: ['trunk'] }).on.push.branches).toEqual(['trunk'])
  })

  it('has only the permission to read the sources', () => {
    expect(permissions).toEqual({})
    for (const [id, job] of Object.entries(jobs as Record<string, { permissions?: object }>)) {
      expect(job.permissions, id).toEqual(id === 'gate' ? undefined : { contents: 'read' })
    }
  })

  it('has the timeout of the gate, plus the time for the image', () => {
    const row = jobs.gates.strategy.matrix.include[1]
    expect(row).toEqual({ gate: 'eunit', minutes: 10 + 15 })
    const slow = gate('slow', { service: 'shop-check', command: ['a'], timeout: '90s' })
    expect(gatesFile([slow]).jobs.gates.strategy.matrix.include[0].minutes).toBe(2 + 15)
  })

  it('uploads the evidence of every gate, also of a failed one', () => {
    const kept = step('gates', 'Upload evidence and report')
    expect(kept.if).toBe('!cancelled()')
    expect(kept.with.name).toBe('gate.gates.${{ matrix.gate }}')
    // An artifact leaves out the common prefix of its paths.
    expect(kept.with.path.split('\n')).toEqual([
      ...['.erlmcp/gates/${{ matrix.gate }}', '.erlmcp/gates/report.html'],
    ])
    expect(step('gates-2', 'Download the evidence of earlier gates').with).toEqual({
      pattern: 'gate.gates.*',
      path: '.erlmcp/gates',
      'merge-multiple': true,
    })
    expect(step('gates', 'Download the evidence of earlier gates')).toBeUndefined()
  })

  it('passes a base revision and the history only to the gate that compares', () => {
    for (const id of ['gates', 'gates-base', 'gates-2']) {
      const { env, run } = step(id, 'Gate ${{ matrix.gate }}')
      const depth = jobs[id].steps[0].with['fetch-depth']
      if (id === 'gates-base') {
        const base = 'github.event.pull_request.base.sha || github.event.merge_group.base_sha'
        expect(env.BASE).toBe(`\${{ ${base} }}`)
        expect(run).toMatch(/ \$\{BASE:\+--base "\$BASE"\}$/)
        expect(depth).toBe(0)
      } else expect([env.BASE, depth], id).toEqual([undefined, undefined])
    }
  })

  it('restores a PLT after a failed run or a change of the lock file', () => {
    const restored = step('gates', 'Restore the caches').with
    const saved = step('gates', 'Save the caches')
    const prefix = 'gate.gates.${{ matrix.gate }}.${{ runner.os }}-${{ runner.arch }}-'
    expect(restored['restore-keys'].split('\n').at(-1)).toBe(prefix)
    expect(saved.if).toContain('!cancelled()')
    // A failed run has its own key, since a key cannot be written twice.
    expect(saved.with.key).toMatch(/^gate\..*job\.status != 'success' && format\('-failed-\{0\}'/)
  })

  it('runs every job on the given runner', () => {
    const machine = ['self-hosted', 'big'] as const
    const files = [
      gatesFile(all, { 'runs-on': machine }),
      parse(textOf(driftWorkflow({ 'runs-on': machine }))),
    ]
    for (const { jobs } of files) {
      for (const job of Object.values<{ 'runs-on': unknown }>(jobs)) {
        expect(job['runs-on']).toEqual(machine)
      }
    }
  })

  it('installs with the given command, also from a private registry', () => {
    const npm = { registry: 'https://npm.example.com', token: 'NPM_TOKEN' }
    const file = gatesFile([erlang.compile], { install: 'corepack pnpm i', node: '24', npm })
    const { steps } = file.jobs.gates
    expect(steps[1].with).toEqual({ 'node-version': '24', 'registry-url': npm.registry })
    expect(steps[2].run).toBe('corepack pnpm i')
    expect(steps[2].env).toEqual({ NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKEN }}' })
  })

  it('has secrets only in the environment of a step', () => {
    const { jobs } = gatesFile([erlang.compile], {
      login: { registry: 'registry.example.com', username: 'USER', password: 'PASSWORD' },
      secrets: { 'hex-key': 'HEX_KEY' },
      buildSecrets: { hex: 'HEX_KEY', git: 'GIT_TOKEN' },
      ssh: 'DEPLOY_KEY',
      environment: 'ci',
    })
    const steps = Object.values<{ steps: { run?: string }[] }>(jobs).flatMap(({ steps }) => steps)
    for (const { run = '' } of steps) expect(run).not.toContain('secrets.')
    expect(JSON.stringify(jobs.image)).toContain(
      'hex=${{ secrets.HEX_KEY }}\\ngit=${{ secrets.GIT_',
    )
    const write = jobs.gates.steps.find(
      (one: { name?: string }) => one.name === 'Write the secrets',
    )
    expect(write.run).toContain('printf %s "$SECRET_1" >hex-key')
    expect(write.env).toEqual({ SECRET_1: '${{ secrets.HEX_KEY }}' })
  })

  it('creates the secrets of a database that gates depend on', () => {
    const db = service('db', { image: 'postgres:17', secrets: [secret('db-password')] })
    const quality = gates([erlang.compile], {
      image,
      services: { 'shop-build': { depends_on: [healthy(db)] } },
    })
    const { jobs } = parse(textOf(gatesWorkflow(quality)))
    expect(JSON.stringify(jobs.gates)).toContain('npx erlmcp secrets init')
    expect(JSON.stringify(gatesFile(all))).not.toContain('secrets init')
  })
})

describe('two sets of gates', () => {
  const otp27 = {
    ...image,
    image: 'shop:1.0.0-otp27',
    build: { ...image.build, dockerfile: 'D27' },
  }
  const other = gates(Object.values(erlangGates({ prefix: 'shop27-' })), {
    image: otp27,
    name: 'otp27',
  })

  it('have two workflows with two checks', () => {
    const own = gates(all, { image })
    const [first, second] = [own, other].map((set) => gatesWorkflow(set))
    expect([first!.path, second!.path]).toEqual([
      ...['.github/workflows/gates.yml', '.github/workflows/gates-otp27.yml'],
    ])
    const { name, jobs } = parse(textOf(second!))
    expect([name, Object.keys(jobs).at(-1)]).toEqual(['Gates otp27', 'gate-otp27'])
    expect(JSON.stringify(jobs)).toContain('"SET":"otp27"')
    expect(JSON.stringify(jobs)).toContain('.erlmcp/gates-otp27/')
    expect(JSON.stringify(jobs)).not.toMatch(/\.erlmcp\/gates\/|gate\.gates\./)
  })

  it('of several OTP releases are one workflow with a matrix', () => {
    const matrix = otpMatrix(all, {
      otp: ['27.3.4.2', '28.3.1'],
      image: { release: 'shop', version: '1.0.0' },
    })
    const { jobs } = parse(textOf(gatesWorkflow(matrix)))
    expect(jobs.image.strategy.matrix.include).toMatchObject([
      {
        artifact: 'image.otp27.1',
        image: 'shop:1.0.0-otp27-tools',
        file: 'docker/otp27/Dockerfile',
      },
      {
        artifact: 'image.otp28.1',
        image: 'shop:1.0.0-otp28-tools',
        file: 'docker/otp28/Dockerfile',
      },
    ])
    const rows = jobs.gates.strategy.matrix.include
    expect(rows).toHaveLength(2 * 6)
    expect(rows[1]).toEqual({ set: 'otp27', gate: 'eunit', minutes: 25 })
    expect(Object.keys(jobs).at(-1)).toBe('gate')
  })

  it('with different gates are rejected as a matrix', () => {
    const matrix = { kind: 'gates matrix', sets: [gates(all, { image }), other] } as never
    expect(() => gatesWorkflow(matrix)).toThrow('the set otp27 lacks the gate cluster')
  })
})

describe('untrusted input', () => {
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

  it('an expression among branches is rejected', () => {
    const stacked = stack('shop', [driftWorkflow({ branches: ['${{ github.token }}'] })])
    expect(() => synthesize(stacked)).toThrow('has an expression in plain text')
  })

  it('an expression is rejected in a script', () => {
    const install = 'npm ci # ${{ github.head_ref }}'
    expect(() => gatesWorkflow(quality, { install })).toThrow('a script takes no expression')
  })

  it('a gate with the name of the last job is rejected', () => {
    const one = gate('gate', { service: 'a', command: ['a'], timeout: '1m' })
    expect(() => gatesFile([one])).toThrow('the gate gate has the name of the job')
  })

  it('a path outside .github/workflows is rejected', () => {
    const path = '.github/workflows/../../ci.yml' as const
    expect(() => gatesWorkflow(quality, { path })).toThrow('invalid path of a workflow')
  })

  it.each([
    'ghcr.io/acme/app:1.0.0',
    'ghcr.io/Acme/app',
    'ghcr.io/acme/app,push=false',
    'ghcr.io/acme/app\nx',
    '${{ github.repository }}',
    '',
  ])('rejects the repository %j', (repository) => {
    expect(() => releaseWorkflow(image, { repository })).toThrow('invalid repository')
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
  type Step = { name?: string; uses?: string; run?: string; if?: string; with?: object }
  const named = (job: { steps: Step[] }, name: string) => job.steps.find((one) => one.name === name)
  const order = ({ steps }: { steps: Step[] }) =>
    steps.map(({ name, uses }) => name ?? uses!.split('@')[0])

  it('verifies, builds each platform on a native runner, and publishes', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } })
    expect(Object.keys(jobs)).toEqual(['verify', 'build', 'publish'])
    expect(jobs.build.strategy.matrix.include).toEqual([
      { platform: 'linux/amd64', name: 'linux-amd64', runner: 'ubuntu-24.04' },
      { platform: 'linux/arm64', name: 'linux-arm64', runner: 'ubuntu-24.04-arm' },
    ])
    expect(jobs.build.needs).toEqual(['verify'])
    expect(jobs.publish.needs).toEqual(['build'])
  })

  it('scans every platform before it is pushed', () => {
    const steps = order(jobs.build)
    const at = (name: string) => steps.indexOf(name)
    expect(at('Build the image')).toBeLessThan(at('Scan for known vulnerabilities'))
    expect(at('Scan for known vulnerabilities')).toBeLessThan(at('Push by digest, without a tag'))
    const kept = named(jobs.build, 'Build the image')!.with as { outputs: string }
    expect(kept.outputs).toBe('type=docker,dest=image.tar')
    const scan = named(jobs.build, 'Scan for known vulnerabilities')!.with
    expect(scan).toMatchObject({ input: 'image.tar', 'exit-code': 1 })
    expect(JSON.stringify(jobs.publish)).not.toContain('trivy')
  })

  it('fails only on the given severities', () => {
    const scan = named(jobs.build, 'Scan for known vulnerabilities')!.with
    expect(scan).toMatchObject({
      format: 'sarif',
      severity: 'CRITICAL,HIGH',
      'limit-severities-for-sarif': true,
    })
  })

  it('checks the gates of the commit', () => {
    const step = named(jobs.verify, 'The gates of this commit passed') as never
    expect(step).toMatchObject({ env: { CHECK: 'gate', GATES: '.github/workflows/gates.yml' } })
    expect(jobs.verify.permissions).toEqual({ contents: 'read', checks: 'read' })
    const set = gates(all, { image, name: 'otp27' })
    const other = releaseOf({ gates: gatesWorkflow(set) }).jobs.verify
    expect(named(other, 'The gates of this commit passed')).toMatchObject({
      env: { CHECK: 'gate-otp27', GATES: '.github/workflows/gates-otp27.yml' },
    })
    expect(JSON.stringify(releaseOf({ gates: false }).jobs)).not.toContain('check-runs')
  })

  it.each<[string, Partial<ReleaseWorkflowOptions>, string, boolean]>([
    ['the version of the stack', {}, 'v1.0.0-tools', true],
    ['another version', {}, 'v1.0.1', false],
    ['a beginning of it', {}, 'v1.0', false],
    ['a pre-release of it', {}, 'v1.0.0-tools-rc1', false],
    ['another prefix', { tags: ['shop-*'], version: '1.0.0' }, 'v1.0.0', false],
    ['the prefix of the pattern', { tags: ['shop-*'], version: '1.0.0' }, 'shop-1.0.0', true],
    ['a version with build metadata', { version: '1.0.0_b1' }, 'v1.0.0+b1', true],
    ['one of two patterns', { tags: ['v*', 'r*'], version: '1.0.0' }, 'r1.0.0', true],
    ['what a shell would expand', { version: '1.0.0' }, 'v$(id)', false],
  ])('a tag with %s', (_, options, tag, passes) => {
    const step = named(releaseOf(options).jobs.verify, 'The tag is the version of the stack')!
    const { status, stdout } = spawnSync('bash', ['-e', '-c', step.run!], {
      env: { TAG: tag, VERSION: 'x' },
      encoding: 'utf8',
    })
    expect([status, stdout.includes('Change the version')]).toEqual([passes ? 0 : 1, !passes])
  })

  it('waits for running gates, and fails if they did not pass', () => {
    const step = named(jobs.verify, 'The gates of this commit passed')!
    const ask = (states: string) => {
      const script = `set -eo pipefail
n=0; git() { echo abc; }; sleep() { :; }; states=(${states})
gh() { local i; i=$(wc -l <calls); echo >>calls; echo "\${states[i]:-\${states[-1]}}"; }
: >calls
${step.run}`
      const folder = mkdtempSync(join(tmpdir(), 'erlmcp-ask-'))
      writeFileSync(join(folder, 'gates.yml'), '')
      const env = { ...process.env, GATES: 'gates.yml', CHECK: 'gate', GITHUB_REPOSITORY: 'a/b' }
      const { status } = spawnSync('bash', ['-c', script], { cwd: folder, env })
      rmSync(folder, { recursive: true })
      return status
    }
    expect(ask('success')).toBe(0)
    expect(ask('missing running running success')).toBe(0)
    expect(ask('running failed')).toBe(1)
    expect(ask('missing')).toBe(1)
  })

  it('cancels no waiting release', () => {
    expect(concurrency).toEqual({
      group: 'release-${{ github.ref }}',
      'cancel-in-progress': false,
    })
  })

  it('builds with provenance and SBOM, and without a cache', () => {
    const build = jobs.build.steps.find(({ id }: { id?: string }) => id === 'image').with
    expect(build).toMatchObject({ provenance: 'mode=max', sbom: true, target: 'tools' })
    expect(JSON.stringify(jobs)).not.toContain('cache')
  })

  it('has minimal permissions in each job', () => {
    expect(jobs.build.permissions).toEqual({
      contents: 'read',
      packages: 'write',
      'security-events': 'write',
    })
    expect(jobs.publish.permissions).toEqual({
      ...{ contents: 'read', packages: 'write', 'id-token': 'write', attestations: 'write' },
    })
    const least = releaseOf({ sign: false, attest: false, codeScanning: false }).jobs
    expect(least.publish.permissions).toEqual({ contents: 'read', packages: 'write' })
    expect(least.build.permissions).toEqual({ contents: 'read', packages: 'write' })
  })

  it('skips attestation and code scanning in a private repository', () => {
    const attest = named(jobs.publish, 'Attest the provenance')!
    expect(attest.if).toBe('!github.event.repository.private')
    const upload = named(jobs.build, 'Upload the scan to code scanning')!
    expect(upload.if).toContain('!github.event.repository.private')
    const always = releaseOf({ attest: true, codeScanning: true }).jobs
    expect(named(always.publish, 'Attest the provenance')!.if).toBeUndefined()
    expect(named(always.build, 'Upload the scan to code scanning')!.if).not.toContain('private')
  })

  it('logs in to the registry of the image, with the token or secrets', () => {
    const loginOf = (options: Partial<ReleaseWorkflowOptions>) =>
      releaseOf(options).jobs.publish.steps.find(({ uses }: Step) => uses?.includes('login')).with
    expect(loginOf({})).toEqual({
      registry: 'ghcr.io',
      username: '${{ github.actor }}',
      password: '${{ github.token }}',
    })
    const login = { username: 'HUB_USER', password: 'HUB_TOKEN' }
    const guarded = { repository: 'acme/app', login, environment: 'release' }
    const { build, publish } = releaseOf(guarded).jobs
    for (const one of [build, publish]) expect(one.environment).toBe('release')
    expect(loginOf(guarded)).toEqual({
      username: '${{ secrets.HUB_USER }}',
      password: '${{ secrets.HUB_TOKEN }}',
    })
  })

  it.each([
    ['v1.2.3', 'v1.2.3', ['v1.2.3', '1.2.3', '1.2', '1', 'latest']],
    ['v1.2.3', 'v1.2.4 v1.3.0 v2.0.0', ['v1.2.3', '1.2.3']],
    ['v1.2.3', 'v1.2.2 v2.0.0', ['v1.2.3', '1.2.3', '1.2', '1']],
    ['v1.2.3', 'v1.10.0', ['v1.2.3', '1.2.3', '1.2']],
    ['v1.2.3-rc.1', 'v1.2.2', ['v1.2.3-rc.1', '1.2.3-rc.1']],
    ['v1.2.3+b.1', 'v1.2.2', ['v1.2.3_b.1', '1.2.3_b.1']],
  ])('%s beside %s is pushed as %j', (tag, others, names) => {
    const aliases = ['version', 'minor', 'major', 'latest'] as const
    const { publish } = releaseOf({ aliases }).jobs
    const { run: script } = named(publish, 'Join the platforms under the tag')!
    const before = `gh() { local at=\${3##*/tags/}; for one in $TAG ${others}; do case $one in "$at"*) echo "refs/tags/$one" ;; esac; done; }\n`
    const tags = `${script!.split('set -- digests')[0]}printf '%s\\n' "\${tags[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', before + tags], {
      env: { ...process.env, TAG: tag, PREFIX: 'v', GITHUB_REPOSITORY: 'a/b' },
      encoding: 'utf8',
    })
    expect(stdout.trim().split('\n'), stderr).toEqual(names)
  })

  it('creates a GitHub release on request, with minimal permissions', () => {
    const { announce } = releaseOf({ githubRelease: true }).jobs
    expect(announce.permissions).toEqual({ contents: 'write' })
    expect(announce.steps[0].run).toContain('gh release create "$TAG"')
  })

  it.each<[Partial<ReleaseWorkflowOptions>, string]>([
    [{ aliases: ['newest' as never] }, 'unknown alias "newest"'],
    [{ platforms: {} }, 'invalid platforms {}'],
    [{ platforms: { 'linux/amd64,x': 'ubuntu-24.04' } }, 'invalid platforms "linux/amd64,x"'],
  ])('%j is refused', (options, words) => {
    expect(() => releaseOf(options)).toThrow(words)
  })
})

test('driftWorkflow compares the files with the stack', () => {
  const { jobs } = parse(textOf(driftWorkflow()))
  expect(Object.keys(jobs)).toEqual(['drift'])
  expect(jobs.drift.permissions).toEqual({ contents: 'read' })
  expect(jobs.drift.steps.at(-1).run).toBe('npx erlmcp check --format github')
})

describe('validated by other tools', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-gate-workflows-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const secretNames = { username: 'USER', password: 'PASSWORD' }
  const machine = fc.constantFrom<RunnerSelector>('ubuntu-24.04-arm', ['self-hosted', 'big'])
  const setupOptions = {
    node: fc.constantFrom('22', '24'),
    install: fc.constant('corepack pnpm i --frozen-lockfile'),
    npm: fc.constant({ registry: 'https://npm.example.com', token: 'NPM_TOKEN' }),
    'runs-on': machine,
    environment: fc.constant('ci'),
  }
  const gatesOptions = fc.record(
    {
      ...setupOptions,
      branches: fc.constantFrom(['main'], ['main', 'release/**']),
      login: fc.constantFrom(secretNames, { ...secretNames, registry: 'registry.example.com' }),
      secrets: fc.constant({ 'hex-key': 'HEX_KEY', 'git.token': 'GIT_TOKEN' }),
      secretsInit: fc.boolean(),
      buildSecrets: fc.constantFrom({ hex: 'HEX_KEY' }, { hex: 'HEX_KEY', git: 'GIT_TOKEN' }),
      ssh: fc.constant('DEPLOY_KEY'),
    },
    { requiredKeys: [] },
  )
  const releaseOptions = fc.record<ReleaseWorkflowOptions, 'repository'>(
    {
      repository: fc.constantFrom('acme/app', 'ghcr.io/acme/app', 'a.example:443/b/c'),
      tags: fc.constantFrom(['v*'], ['shop-*', 'v[0-9]+.*'], ['*']),
      login: fc.constant(secretNames),
      environment: fc.constant('release'),
      gates: fc.constantFrom(false as const, gatesWorkflow(gates(all, { image, name: 'x' }))),
      version: fc.constantFrom(false as const, '1.0.0', '1.0.0_b'),
      aliases: fc.subarray(['version', 'minor', 'major', 'latest'] as const),
      platforms: fc.constantFrom(
        { 'linux/amd64': 'ubuntu-24.04' as const },
        { 'linux/arm/v7': ['self-hosted', 'arm'] as const, 'linux/amd64': 'ubuntu-24.04' as const },
      ),
      'runs-on': machine,
      sign: fc.boolean(),
      attest: fc.constantFrom(true, false, 'public' as const),
      codeScanning: fc.constantFrom(true, false, 'public' as const),
      githubRelease: fc.boolean(),
    },
    { requiredKeys: ['repository'] },
  )
  const qualities = [
    gates(all, { image }),
    gates([erlang.compile], { image, name: 'otp27' }),
    otpMatrix(all, {
      otp: ['27.3.4.2', '28.3.1'],
      image: { release: 'shop', version: '1.0.0' },
    }),
  ]
  const seeded = { numRuns: 12, seed: 28 }
  const path = (name: string) => `.github/workflows/${name}.yml` as const
  const crossed = [
    ...fc
      .sample(fc.tuple(fc.constantFrom(...qualities), gatesOptions), seeded)
      .map(([quality, options], at) =>
        gatesWorkflow(quality, { ...options, path: path(`gates-${at}`) }),
      ),
    ...fc
      .sample(releaseOptions, seeded)
      .map((options, at) => releaseWorkflow(image, { ...options, path: path(`release-${at}`) })),
    driftWorkflow({ ...fc.sample(fc.record(setupOptions), seeded)[0]!, path: path('drift-0') }),
  ]
  const plain = [
    gatesWorkflow(gates(all, { image })),
    driftWorkflow(),
    releaseWorkflow(image, { repository: 'ghcr.io/acme/app' }),
  ]
  const { artifacts } = synthesize(stack('shop', [...plain, ...crossed]))
  for (const { path, text } of artifacts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  execFileSync('git', ['init', '-q'], { cwd: folder })

  it('GitHub’s parser accepts them with any options', async () => {
    const diagnostics = await githubParser()
    for (const { path, text } of artifacts) expect(await diagnostics(path, text), path).toEqual([])
  })

  const actionlint = findTool('actionlint')
  it.skipIf(!actionlint)(
    'actionlint finds nothing, whatever the options (skipped without actionlint)',
    async () => {
      const { code, stdout } = await run(
        [actionlint!, '-no-color', '-ignore', 'label "(big|arm)" is unknown'],
        { cwd: folder },
      )
      expect([code, stdout]).toEqual([0, ''])
    },
  )

  const zizmor = findTool('zizmor')
  it.skipIf(!zizmor)('zizmor finds nothing (skipped without zizmor)', async () => {
    const words = ['--offline', '--no-progress', '--persona', 'pedantic', '--format', 'plain']
    const { code, stdout, stderr } = await run(
      [zizmor!, ...words, ...plain.map(({ path }) => path)],
      { cwd: folder },
    )
    expect(stdout, stderr).toContain('No findings to report')
    expect(code).toBe(0)
  })
})
