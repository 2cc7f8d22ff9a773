import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compose, healthy, network } from '@erlmcp/compose'
import { postgres } from '@erlmcp/compose/services'
import { type BuiltImage, type Stack, stack, synthesize } from '@erlmcp/core'
import { describeEngine, ensureImages, must, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  compilerOutput,
  type GateSpec,
  type GatesOptions,
  type GateValue,
  gate,
  gates,
} from '../index.ts'
import { runGates } from '../run.ts'

// Streams, shared volumes and dependencies on a real engine.

const name = `erlmcp-gates-${process.pid}`

const imageOf = (tag: string): BuiltImage => ({
  image: `${name}:${tag}`,
  build: { context: '.', dockerfile: `Dockerfile.${tag}`, target: 'tools' },
  user: '0:0',
  writable: ['/tmp', '/workspace'],
})

const dockerfile = (tag: string) => `FROM debian:trixie-slim AS tools
RUN mkdir -p /workspace /var/lib/gates/build /var/lib/gates/cache /var/lib/gates/evidence
RUN echo ${tag} >/etc/release-name
`

const bash = (script: string, more: Partial<GateSpec> = {}) => ({
  service: 'work',
  command: ['bash', '-c', script] as const,
  timeout: '2m' as const,
  ...more,
})

/** Five megabytes in lines, as a build prints them. */
const noise = (word: string) => `yes '===> ${word} ${'x'.repeat(80)}' | head -c 5000000`

describeEngine('gates on an engine', () => {
  let folder: string

  beforeAll(async () => {
    await ensureImages(['debian:trixie-slim', 'postgres:17-trixie'])
    folder = mkdtempSync(join(tmpdir(), `${name}-`))
    for (const tag of ['one', 'two']) put(`Dockerfile.${tag}`, dockerfile(tag))
    put('src/a.erl', '-module(a).')
  })
  afterAll(async () => {
    const volumes = await must(['docker', 'volume', 'ls', '--quiet', '--filter', `name=${name}`])
    const names = volumes.stdout.split('\n').filter(Boolean)
    await run(['docker', 'volume', 'rm', '--force', ...names])
    await run(['docker', 'network', 'rm', `${name}_gates`, `${name}_other`])
    await run(['docker', 'image', 'rm', '--force', `${name}:one`, `${name}:two`])
    rmSync(folder, { recursive: true, force: true })
  })

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }

  const setOf = (values: readonly GateValue[], tag = 'one', more: Partial<GatesOptions> = {}) =>
    gates(values, { image: imageOf(tag), sources: ['src'], ...more })

  /** The stack of these sets, with its files written. */
  function stackOf(...sets: readonly ReturnType<typeof setOf>[]): Stack {
    const services = sets.flatMap((set) => set.services)
    const made = stack(name, [...sets, compose('docker-compose.yml', services)])
    const { artifacts, diagnostics } = synthesize(made)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    for (const { path, text, mode } of artifacts) {
      put(path, text)
      if (mode) chmodSync(join(folder, path), mode)
    }
    return made
  }

  const left = async () => {
    const listed = await must(['docker', 'ps', '--all', '--format', '{{.Names}}'])
    const networks = await must(['docker', 'network', 'ls', '--format', '{{.Name}}'])
    return [...listed.stdout.split('\n'), ...networks.stdout.split('\n')].filter((one) =>
      one.startsWith(`${name}-gates`),
    )
  }

  it('finds a warning in ten megabytes of output, and keeps all of it', async () => {
    const warning = '===> src/a.erl:1:2: Warning: variable X is unused'
    const script = `${noise('before')}; echo '${warning}'; ${noise('after')}`
    const compile = gate('compile', bash(script, { evidence: [compilerOutput()] }))
    const { ok, results } = await runGates(stackOf(setOf([compile])), { root: folder })
    expect(ok).toBe(false)
    expect(results[0]!.diagnostics).toMatchObject([{ kind: 'warning', location: { line: 1 } }])
    const output = readFileSync(join(folder, '.erlmcp/gates/compile/output.log'), 'utf8')
    expect(output.length).toBe(10_000_000 + warning.length + 1)
  })

  it('keeps the order of both streams, and the exit code of the command', async () => {
    const both = gate('both', bash('echo one; echo two >&2; echo three; exit 3'))
    const { results } = await runGates(stackOf(setOf([both])), { root: folder })
    expect(results[0]!.ending).toEqual({ kind: 'exit', code: 3 })
    expect(results[0]!.output).toBe('one\ntwo\nthree')
  })

  it('two runs in one folder at the same time both pass', async () => {
    const build = gate('build', bash('sleep 2; mkdir -p _build; date >_build/a', { builds: true }))
    const unit = gate(
      'unit',
      bash('sleep 1; cat _build/a; mkdir cover; date >cover/a', {
        needs: [build],
        outputs: ['cover'],
      }),
    )
    const coverage = gate('coverage', bash('test -e cover/a && echo covered', { inputs: [unit] }))
    const shop = stackOf(setOf([build, unit, coverage]))
    const waited: string[] = []
    const once = () =>
      runGates(shop, {
        root: folder,
        on: (event) => void (event.kind === 'waiting' && waited.push(event.holder)),
      })
    const runs = await Promise.all([once(), once()])
    expect(runs.map(({ ok }) => ok)).toEqual([true, true])
    expect(waited).toHaveLength(1)
  })

  it('two sets of one stack run in their own images', async () => {
    const own = (tag: string) =>
      gate(
        'compile',
        bash(`mkdir -p _build; cat _build/tag /etc/release-name; cp /etc/release-name _build/tag`, {
          service: `work-${tag}`,
          builds: true,
        }),
      )
    const first = setOf([own('one')])
    const second = setOf([own('two')], 'two', { name: 'other' })
    const shop = stackOf(first, second)
    const output = async (set: string) => {
      const { results } = await runGates(shop, { root: folder, set })
      return results[0]!.output
    }
    await output('gates')
    expect(await output('other')).not.toContain('one')
    expect(await output('other')).toBe('two\ntwo')
    await expect(runGates(shop, { root: folder })).rejects.toThrow('several sets of gates')
  })

  it('starts the database of a gate without data of a deployment, and removes it', async () => {
    const db = postgres('db', {
      database: 'shop',
      networks: [network('backend', { internal: true })],
    })
    put('secrets/db-password', 'not-a-secret')
    chmodSync(join(folder, 'secrets/db-password'), 0o644)
    const query = 'exec 3<>/dev/tcp/db/5432 && echo connected'
    const ct = gate('ct', bash(query, { service: 'work-ct' }))
    const plain = gate('plain', bash('if (exec 3<>/dev/tcp/db/5432) 2>/dev/null; then exit 1; fi'))
    const quality = setOf([plain, ct], 'one', {
      services: { 'work-ct': { depends_on: [healthy(db)] } },
    })
    const started: string[] = []
    const { ok, results } = await runGates(stackOf(quality), {
      root: folder,
      on: (event) => void (event.kind === 'preparing' && started.push(...event.services)),
    })
    expect(results.map(({ output, diagnostics }) => [output, diagnostics])).toEqual([
      ['', []],
      ['connected', []],
    ])
    expect([ok, started]).toEqual([true, ['db']])
    expect(await left()).toEqual([])
    const volumes = await must(['docker', 'volume', 'ls', '--quiet', '--filter', `name=${name}-`])
    expect(volumes.stdout.trim()).toBe('')
  })

  it('reports a database that does not start', async () => {
    const db = postgres('db', { database: 'shop' })
    put('secrets/db-password', '')
    const ct = gate('ct', bash('true', { service: 'work-ct' }))
    const quality = setOf([ct], 'one', {
      services: { 'work-ct': { depends_on: [healthy(db)] } },
    })
    const { ok, results } = await runGates(stackOf(quality), { root: folder })
    expect(ok).toBe(false)
    expect(results[0]!.diagnostics[0]!.detail).toContain('the dependencies did not start')
    expect(await left()).toEqual([])
  })

  it('reads evidence with names that are not UTF-8 and folders without permissions', async () => {
    const script = `mkdir -p out/closed; cd out; echo 1 >"$(printf 'TEST-\\377.xml')"; echo 2 >closed/x; chmod 500 closed`
    const unit = gate('unit', bash(script, { outputs: ['out'] }))
    const shop = stackOf(setOf([unit]))
    const once = () => runGates(shop, { root: folder })
    const { ok, receipts } = await once()
    expect(ok).toBe(true)
    expect(receipts[0]!.receipt.evidence.map(({ path }) => path)).toEqual([
      ...['.run', 'out/TEST-\\xff.xml', 'out/closed/x'],
    ])
    // The next run removes them.
    expect((await once()).ok).toBe(true)
  })
})
