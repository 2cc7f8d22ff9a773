import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findTool } from '@erlmcp/testkit'
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

/** The script, with the folders of the container in a folder of this test. */
function scriptOf(gates: readonly GateValue[]): string {
  return gateScript(gates).replace(
    /(^|[\s"'{=])(\/(?:project|workspace|var\/lib\/gates)\b)/gm,
    (_, before, path) => `${before}${root}${path}`,
  )
}

/** Runs it as a container does: with a workspace of its own. */
function run(
  shell: readonly [string, ...string[]],
  gates: readonly GateValue[],
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
) {
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
  it('runs on a copy, keeps what proves it, and ends with the code of the command', () => {
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
    expect(run(shell, [unit], unit.spec.command, { ERLMCP_RUN: 'r1' })).toMatchObject({
      status: 3,
      stderr: '',
    })
    expect(readFileSync(evidence('unit/out/logs/a'), 'utf8')).toBe('{erl_opts, []}.')
    expect(readFileSync(evidence('unit/.run'), 'utf8')).toBe('r1\n')
    expect(existsSync(at('project/b'))).toBe(false)
  })

  it('removes the evidence of an earlier run, and that of no other gate', () => {
    const unit = make('unit', ['true'])
    put('var/lib/gates/evidence/unit/stale', '')
    put('var/lib/gates/evidence/other/kept', '')
    expect(run(shell, [unit], ['true']).status).toBe(0)
    expect(existsSync(evidence('unit/stale'))).toBe(false)
    expect(existsSync(evidence('other/kept'))).toBe(true)
  })

  it('runs any other command, and touches the evidence of no gate', () => {
    const none = make('none', ['false'])
    put('var/lib/gates/evidence/none/kept', '')
    expect(run(shell, [none], ['echo', 'by hand'])).toMatchObject({
      status: 0,
      stdout: 'by hand\n',
    })
    expect(existsSync(evidence('none/kept'))).toBe(true)
    expect(existsSync(evidence('none/.run'))).toBe(false)
  })

  it('gives what gates gave to the one that takes, and says which is missing', () => {
    const giver = make('giver', sh('mkdir -p data; echo 1 >data/a'), { outputs: ['data'] })
    const other = make('other', sh('mkdir -p data; echo 2 >data/b'), { outputs: ['data'] })
    const taker = make('taker', sh('cat data/a data/b'), { inputs: [giver, other] })
    const gates = [giver, other, taker]
    expect(run(shell, gates, giver.spec.command).status).toBe(0)
    const early = run(shell, gates, taker.spec.command)
    expect(early.status).toBe(70)
    expect(early.stderr).toBe('gate: there is nothing of the gate other: run that first\n')
    expect(run(shell, gates, other.spec.command).status).toBe(0)
    expect(run(shell, gates, taker.spec.command)).toMatchObject({ status: 0, stdout: '1\n2\n' })
  })

  it('finds again what it caches, also by a pattern', () => {
    const count = make('count', sh('cat plt/* 2>/dev/null; mkdir -p plt; echo x >>plt/26_plt'), {
      cache: ['plt/*_plt'],
    })
    expect(run(shell, [count], count.spec.command).stdout).toMatch(
      /^gate: first run of count: .*may take minutes\n$/,
    )
    expect(run(shell, [count], count.spec.command).stdout).toBe('x\n')
    expect(run(shell, [count], count.spec.command).stdout).toBe('x\nx\n')
  })

  it('removes evidence from what it finds again, and takes that of the project as a source', () => {
    const logs = {
      name: 'logs',
      outputs: ['out/*.log', 'base'],
      read: async () => ({ diagnostics: [] }),
    }
    const first = 'if [ -e out/a ]; then ls out; else echo x >out/a; echo x >out/a.log; fi'
    const unit = make('unit', sh(`mkdir -p out; ${first}`), { cache: ['out'], evidence: [logs] })
    put('project/base', 'of the project')
    expect(run(shell, [unit], unit.spec.command).stdout).toMatch(/^gate: first run of unit: .*\n$/)
    expect(existsSync(evidence('unit/out/a.log'))).toBe(true)
    expect(run(shell, [unit], unit.spec.command).stdout).toBe('a\n')
    expect(existsSync(evidence('unit/out/a.log'))).toBe(false)
    expect(readFileSync(evidence('unit/base'), 'utf8')).toBe('of the project')
  })

  it('begins with what the building gate has built; a red one leaves the last', () => {
    const build = make('build', sh('mkdir -p _build; date >_build/a; exit "${CODE:-0}"'), {
      builds: true,
    })
    const look = make('look', sh('cat _build/a'), { needs: [build] })
    expect(run(shell, [build, look], build.spec.command).status).toBe(0)
    const first = run(shell, [build, look], look.spec.command)
    expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/./) })
    expect(run(shell, [build, look], build.spec.command, { CODE: '1' }).status).toBe(1)
    expect(run(shell, [build, look], look.spec.command)).toEqual(first)
  })

  it('compiles the applications of the project anew, and only when it builds', () => {
    put('project/apps/shop/src/shop.app.src', '')
    put('var/lib/gates/build/current/default/lib/shop/beam', '')
    put('var/lib/gates/build/current/default/lib/dependency/beam', '')
    const build = make('build', sh('find _build -name beam'), { builds: true })
    const look = make('look', ['find', '_build', '-name', 'beam'])
    expect(run(shell, [build, look], build.spec.command).stdout).toBe(
      '_build/default/lib/dependency/beam\n',
    )
    put('var/lib/gates/build/current/default/lib/shop/beam', '')
    expect(run(shell, [build, look], look.spec.command).stdout.split('\n')).toHaveLength(3)
    // Also where no gate builds, and for a command that is no gate.
    expect(run(shell, [look], ['ls', '_build/default/lib']).stdout).toBe('dependency\nshop\n')
  })

  it('says what is wrong with how it is called', () => {
    expect(run(shell, [make('unit', ['true'])], [])).toMatchObject({
      status: 70,
      stderr: 'gate: say what to run, such as: rebar3 compile\n',
    })
  })

  it('says which folder it cannot write', () => {
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

test('whatever its words are, a gate is known by them, and its command gets them as they are', () => {
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
        const { status, stdout, stderr } = run(['sh'], gates, gates[1]!.spec.command)
        expect([status, stderr]).toEqual([0, ''])
        expect(stdout).toBe(one.length === 0 ? '\0' : one.map((text) => `${text}\0`).join(''))
        expect(existsSync(evidence('unit/.run'))).toBe(true)
        expect(existsSync(at('workspace/hacked'))).toBe(false)
      },
    ),
    { numRuns: 60 },
  )
})

const shellcheck = findTool('shellcheck')
test.skipIf(!shellcheck)('shellcheck finds nothing in it (skipped without shellcheck)', () => {
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
