import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findTool, rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { erlangGates, type GateSpec, type GateValue, gate } from './index.ts'
import { folders } from './paths.ts'
import { gateScript } from './script.ts'

const make = (
  name: string,
  command: readonly [string, ...string[]],
  more: Partial<GateSpec> = {},
) => gate(name, { service: 'check', command, timeout: '1m', ...more })
const sh = (script: string): [string, ...string[]] => ['sh', '-c', script]

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp-gate-script-'))
  for (const folder of Object.values(folders)) mkdirSync(join(root, folder), { recursive: true })
  put('project/rebar.config', '{erl_opts, []}.')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const at = (path: string) => join(root, path)
const evidence = (path: string) => at(`var/lib/gates/evidence/${path}`)

function put(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}

/** The script, with the folders of the container below the folder of the test. */
function scriptOf(gates: readonly GateValue[]): string {
  return gateScript(gates).replace(
    /(^|[\s"'{=])(\/(?:project|workspace|var\/lib\/gates)\b)/gm,
    (_, before, path) => `${before}${root}${path}`,
  )
}

/** Runs a gate, or a command that is not a gate, as a container does: with an empty workspace. */
function run(
  shell: readonly [string, ...string[]],
  gates: readonly GateValue[],
  what: GateValue | readonly string[],
  more: NodeJS.ProcessEnv = {},
) {
  const isGate = 'kind' in what
  const command = isGate ? what.spec.command : what
  const env = { ...(isGate && { ERLMCP_GATE: what.name }), ...more }
  writeFileSync(at('gate'), scriptOf(gates))
  rmSync(at('workspace'), { recursive: true, force: true })
  mkdirSync(at('workspace'))
  const { status, stdout, stderr } = spawnSync(
    shell[0],
    [...shell.slice(1), at('gate'), ...command],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  )
  return { status, stdout, stderr }
}

const shells = ([['dash'], ['busybox', 'sh'], ['bash', '--posix']] as const).filter(([name]) =>
  findTool(name),
)

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_, shell) => {
  it('runs on a copy, saves the evidence, and ends with the exit code of the command', () => {
    const unit = make(
      'unit',
      sh('mkdir -p out/logs; cat rebar.config >out/logs/a; echo x >b; exit 3'),
      {
        evidence: [
          {
            name: 'logs',
            outputs: ['out/logs', 'never/there'],
            read: async () => ({ diagnostics: [] }),
          },
        ],
      },
    )
    expect(run(shell, [unit], unit, { ERLMCP_RUN: 'r1' })).toMatchObject({
      status: 3,
      stderr: '',
    })
    expect(readFileSync(evidence('unit/out/logs/a'), 'utf8')).toBe('{erl_opts, []}.')
    expect(readFileSync(evidence('unit/.run'), 'utf8')).toBe('r1\n')
    expect(existsSync(at('project/b'))).toBe(false)
  })

  it('removes only its own evidence of an earlier run', () => {
    const unit = make('unit', ['true'])
    put('var/lib/gates/evidence/unit/stale', '')
    put('var/lib/gates/evidence/other/kept', '')
    expect(run(shell, [unit], unit).status).toBe(0)
    expect(existsSync(evidence('unit/stale'))).toBe(false)
    expect(existsSync(evidence('other/kept'))).toBe(true)
  })

  it('runs a command without a gate: it restores caches and outputs, and saves nothing', () => {
    const tests = make('tests', ['false'], { outputs: ['data'], cache: ['plt'] })
    const cover = make('cover', ['false'], { inputs: [tests] })
    const look = ['sh', '-c', 'cat data/a plt/b; echo 2 >data/a; echo ${ERLMCP_GATE-none}']
    const gates = [tests, cover]
    expect(run(shell, gates, ['true'])).toMatchObject({ status: 0, stdout: '', stderr: '' })
    put('var/lib/gates/evidence/tests/data/a', '1\n')
    put('var/lib/gates/cache/tests/plt/b', 'plt\n')
    expect(run(shell, gates, look)).toMatchObject({ status: 0, stdout: '1\nplt\nnone\n' })
    expect(readFileSync(evidence('tests/data/a'), 'utf8')).toBe('1\n')
    expect(existsSync(evidence('tests/.run'))).toBe(false)
  })

  it('rejects an unknown gate', () => {
    const { status, stderr } = run(shell, [make('unit', ['true'])], ['true'], {
      ERLMCP_GATE: 'other',
    })
    expect([status, stderr]).toEqual([70, 'gate: unknown gate other\n'])
  })

  it('imports the outputs of its inputs, and names a missing one', () => {
    const first = make('first', sh('mkdir -p data; echo 1 >data/a'), { outputs: ['data'] })
    const second = make('other', sh('mkdir -p data; echo 2 >data/b'), { outputs: ['data'] })
    const last = make('last', sh('cat data/a data/b'), { inputs: [first, second] })
    const gates = [first, second, last]
    expect(run(shell, gates, first).status).toBe(0)
    const early = run(shell, gates, last)
    expect(early.status).toBe(70)
    expect(early.stderr).toBe('gate: missing outputs of the gate other: run it first\n')
    expect(run(shell, gates, second).status).toBe(0)
    expect(run(shell, gates, last)).toMatchObject({ status: 0, stdout: '1\n2\n' })
  })

  it('restores its cache, also by a pattern', () => {
    const count = make('count', sh('cat plt/* 2>/dev/null; mkdir -p plt; echo x >>plt/26_plt'), {
      cache: ['plt/*_plt'],
    })
    expect(run(shell, [count], count).stdout).toMatch(
      /^gate: first run of count: .*may take minutes\n$/,
    )
    expect(run(shell, [count], count).stdout).toBe('x\n')
    expect(run(shell, [count], count).stdout).toBe('x\nx\n')
  })

  it('removes reports from a restored cache, but not from the project', () => {
    const logs = {
      name: 'logs',
      outputs: ['out/*.log', 'base'],
      read: async () => ({ diagnostics: [] }),
    }
    const first = 'if [ -e out/a ]; then ls out; else echo x >out/a; echo x >out/a.log; fi'
    const unit = make('unit', sh(`mkdir -p out; ${first}`), { cache: ['out'], evidence: [logs] })
    put('project/base', 'of the project')
    expect(run(shell, [unit], unit).stdout).toMatch(/^gate: first run of unit: .*\n$/)
    expect(existsSync(evidence('unit/out/a.log'))).toBe(true)
    expect(run(shell, [unit], unit).stdout).toBe('a\n')
    expect(existsSync(evidence('unit/out/a.log'))).toBe(false)
    expect(readFileSync(evidence('unit/base'), 'utf8')).toBe('of the project')
  })

  it('starts with the build of the building gate, which a failed one keeps', () => {
    const build = make('build', sh('mkdir -p _build; date >_build/a; exit "${CODE:-0}"'), {
      builds: true,
    })
    const look = make('look', sh('cat _build/a'), { needs: [build] })
    expect(run(shell, [build, look], build).status).toBe(0)
    const first = run(shell, [build, look], look)
    expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/./) })
    expect(run(shell, [build, look], build, { CODE: '1' }).status).toBe(1)
    expect(run(shell, [build, look], look)).toEqual(first)
  })

  it('cleans the applications of the project only when it builds', () => {
    put('project/apps/shop/src/shop.app.src', '')
    put('var/lib/gates/build/current/default/lib/shop/beam', '')
    put('var/lib/gates/build/current/default/lib/dependency/beam', '')
    const build = make('build', sh('find _build -name beam'), { builds: true })
    const look = make('look', ['find', '_build', '-name', 'beam'])
    expect(run(shell, [build, look], build).stdout).toBe('_build/default/lib/dependency/beam\n')
    put('var/lib/gates/build/current/default/lib/shop/beam', '')
    expect(run(shell, [build, look], look).stdout.split('\n')).toHaveLength(3)
    // Also without a gate that builds, and for another command.
    expect(run(shell, [look], ['ls', '_build/default/lib']).stdout).toBe('dependency\nshop\n')
  })

  it('rejects a missing command', () => {
    expect(run(shell, [make('unit', ['true'])], [])).toMatchObject({
      status: 70,
      stderr: 'gate: missing command, such as: rebar3 compile\n',
    })
  })

  it('names a folder that is not writable', () => {
    rmSync(at('var/lib/gates/cache'), { recursive: true })
    const { status, stderr } = run(shell, [make('unit', ['true'])], ['true'])
    expect(status).toBe(70)
    expect(stderr).toContain('/var/lib/gates/cache is not writable')
  })
})

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !/[\0\ud800-\udfff]/.test(text)),
  fc.constantFrom(
    "'",
    '"',
    '$(touch hacked)',
    '`id`',
    '*',
    '?',
    ')',
    ';;',
    'esac',
    '\n',
    '\\',
    '$gate',
    '!',
    '|',
  ),
)

test('the command gets its arguments unchanged', () => {
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 5 }),
      fc.array(word, { maxLength: 5 }),
      (one, other) => {
        fc.pre(one.join(' ') !== other.join(' '))
        const gates = [
          make('other', ['printf', '%s\\0', ...other]),
          make('unit', ['printf', '%s\\0', ...one]),
        ]
        rmSync(evidence('unit'), { recursive: true, force: true })
        const { status, stdout, stderr } = run(['sh'], gates, gates[1]!)
        expect([status, stderr]).toEqual([0, ''])
        expect(stdout).toBe(one.length === 0 ? '\0' : one.map((text) => `${text}\0`).join(''))
        expect(existsSync(evidence('unit/.run'))).toBe(true)
        expect(existsSync(at('workspace/hacked'))).toBe(false)
      },
    ),
    { numRuns: rounds(60) },
  )
})

const shellcheck = findTool('shellcheck')
test.skipIf(!shellcheck)('passes shellcheck (skipped without shellcheck)', () => {
  const erlang = Object.values(erlangGates({ bench: {}, cluster: { suite: 'a_SUITE' } }))
  const hostile = make('hostile', ["it's", '$(id)', '*) esac', '\n#', '"'], {
    cache: ['a/*', '@b'],
  })
  for (const gates of [erlang, [...erlang, hostile], [hostile]]) {
    const { status, stdout } = spawnSync(shellcheck!, ['--shell=sh', '-'], {
      input: gateScript(gates),
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([0, ''])
  }
})
