import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, rewrite, shimFolder } from '../run/index.ts'
import { putWays, ways, waysAround } from '../testing/ways.ts'

const map = constitution({
  files: ["it's.yml"],
  rows: [{ host: ['rebar3', "odd 'name"], service: 'odd service' }],
})

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp shims é-'))
  installGuard(root, map)
  cpSync(join(root, '.erlmcp/guard'), join(root, 'guard'), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const outside = { ERLMCP_IN_CONTAINER: '' }
const inside = { ERLMCP_IN_CONTAINER: '1' }

function shim(shell: readonly string[], argv: readonly string[], env: Record<string, string> = {}) {
  const [program = '', ...args] = argv
  const [command = '', ...first] = shell
  return spawnSync(command, [...first, join(root, shimFolder, program), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...outside, ...env },
  })
}

const shells = [['dash'], ['bash'], ['bash', '--posix'], ['busybox', 'ash']].filter(
  ([command = '', applet]) =>
    spawnSync(command, command === 'busybox' ? [applet!, '-c', ':'] : ['-c', ':']).status === 0,
)

test('at least one strict and one large shell are here', () => {
  expect(shells.map(([command]) => command)).toEqual(expect.arrayContaining(['bash', 'dash']))
})

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('%s', (_name, shell) => {
  test('a refusal says the Docker form of exactly that command line', () => {
    const { status, stdout, stderr } = shim(shell, ['rebar3', 'ct', '--suite', "it's"], {
      REBAR_PROFILE: 'a b',
    })
    expect({ status, stdout }).toEqual({ status: 126, stdout: '' })
    expect(
      stderr,
    ).toBe(`erlmcp: rebar3 is forbidden on a host: all execution is Docker execution. Run
  docker compose -f 'it'\\''s.yml' run --rm -e 'REBAR_PROFILE=a b' erlmcp-ct rebar3 ct --suite 'it'\\''s'
`)
  })

  test('what is undefined is refused too', () => {
    const { status, stderr } = shim(shell, ['rebar3', 'hex', 'publish'])
    expect(status).toBe(126)
    expect(stderr).toContain('npx erlmcp rewrite -- rebar3 hex publish')
  })

  test('the shell and the program agree on every command line', () => {
    const word = fc.oneof(
      { arbitrary: fc.constantFrom('do', 'as', 'test', 'compile', 'eunit', 'ct'), weight: 5 },
      {
        arbitrary: fc.constantFrom('xref,', ',dialyzer', 'eunit,ct', ',', 'a,b,', 'as,'),
        weight: 3,
      },
      {
        arbitrary: fc.constantFrom(
          '-v',
          '--cover,',
          '--x=a,b',
          "odd 'name",
          '*',
          'a, b',
          'a,\tb',
          'a,\nb,',
          '',
        ),
        weight: 2,
      },
      fc.string({ unit: 'binary' }).map((text) => text.replace(/\0|\p{Surrogate}/gu, '')),
    )
    const program = fc.constantFrom('rebar3', 'rebar3', 'erl', 'epmd', 'ct_run')
    const lines = fc.tuple(program, fc.array(word, { maxLength: 7 }))
    fc.assert(
      fc.property(lines, ([name, args]) => {
        const { status, stderr } = shim(shell, [name, ...args])
        const form = rewrite(map, [name, ...args])
        expect(status).toBe(126)
        const said = /Run\n {2}([\s\S]*)\n$/.exec(stderr)?.[1]
        expect(said).toBe(form.defined ? form.line : undefined)
      }),
      { numRuns: 150 },
    )
  })

  test('so they do for make, where it is refused', () => {
    writeFileSync(join(root, 'rebar.config'), '')
    const word = fc.constantFrom(
      ...['eunit', 'ct', 'xref', 'dialyzer', 'test', 'other', 'A=b', '-C', '.', '-C.', '-j', '4'],
      ...['-l', '2', '-k', '-f', 'x', '--directory=.', '--directory', '--jobs', '--', ''],
    )
    const goal = fc.constantFrom('eunit', 'ct', 'xref', 'dialyzer')
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), goal, (args, last) => {
        const argv = ['make', ...args, last]
        const { status, stderr } = shim(shell, argv)
        if (status !== 126) return
        const form = rewrite(map, argv)
        const said = /Run\n {2}([\s\S]*)\n$/.exec(stderr)?.[1]
        expect(said).toBe(form.defined ? form.line : undefined)
      }),
      { numRuns: 150 },
    )
  })

  test('in a service of the gates the program that comes next on PATH runs', () => {
    const said = '#!/bin/sh\nprintf "%s|" real "$@"\nexit 3\n'
    mkdirSync(join(root, 'real'))
    writeFileSync(join(root, 'real/erl'), said, { mode: 0o755 })
    // Its own shims twice, and those of another project, are passed over.
    const folders = [shimFolder, join(root, 'guard/bin'), '', join(root, shimFolder), 'real']
    const PATH = `${folders.join(':')}:${process.env.PATH}`
    const { status, stdout } = shim(shell, ['erl', 'a b', "it's"], { PATH, ...inside })
    expect({ status, stdout }).toEqual({ status: 3, stdout: "real|a b|it's|" })
  })
})

test('a host with /.dockerenv or the variables of Kubernetes is a host', () => {
  const guard = readFileSync(join(root, '.erlmcp/guard/guard.sh'), 'utf8')
  // Nothing on the disk of a host is asked what it is.
  const asked = guard
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
  expect(asked).not.toMatch(/dockerenv|containerenv|cgroup|KUBERNETES/)
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', container: 'docker' }
  expect(shim(['sh'], ['rebar3', 'ct'], env).status).toBe(126)
})

test('make builds what is not Erlang, and goals that are no gates', () => {
  writeFileSync(join(root, 'Makefile'), 'test other:\n\t@echo made $@\n')
  expect(shim(['sh'], ['make', 'test']).stdout).toBe('made test\n')
  writeFileSync(join(root, 'rebar.config'), '')
  expect(shim(['sh'], ['make', 'other']).stdout).toBe('made other\n')
  expect(shim(['sh'], ['make', 'test']).status).toBe(126)
})

test('a refusal is quicker than a start of Node', () => {
  const time = (work: () => unknown) => {
    const start = performance.now()
    for (let n = 0; n < 10; n++) work()
    return performance.now() - start
  }
  const node = time(() => spawnSync(process.execPath, ['-e', '0']))
  expect(time(() => shim(['sh'], ['rebar3', 'ct']))).toBeLessThan(node / 2)
})

const answers = (lines: readonly string[], env = outside) => {
  putWays(root, lines)
  const { stdout } = spawnSync('sh', [join(root, 'run')], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return stdout
    .trim()
    .split('\n')
    .map((line, index) => `${line.split(' ')[0]}: ${lines[index]}`)
}

test(`${ways.length} ways to call them on a host are refused`, () => {
  expect(answers(ways)).toEqual(ways.map((line) => `refused: ${line}`))
})

test('none of them is refused in a service of the gates', () => {
  // Without its environment a container cannot be told from a host.
  const own = ways.filter((line) => !line.startsWith('env -i'))
  expect(answers(own, inside)).toEqual(own.map((line) => `ran: ${line}`))
})

test('what no shim can see, as the README says', () => {
  expect(answers(waysAround)).toEqual(waysAround.map((line) => `ran: ${line}`))
})
