import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, rewrite, shimFolder } from '../run.ts'
import { bypasses, invocations, writeInvocations } from '../testing/invocations.ts'

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

test('the machine has dash and bash', () => {
  expect(shells.map(([command]) => command)).toEqual(expect.arrayContaining(['bash', 'dash']))
})

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('%s', (_name, shell) => {
  test('refuses and prints the Docker form of the command line', () => {
    const { status, stdout, stderr } = shim(shell, ['rebar3', 'ct', '--suite', "it's"], {
      REBAR_PROFILE: 'a b',
    })
    expect({ status, stdout }).toEqual({ status: 126, stdout: '' })
    expect(stderr).toBe(`erlmcp: rebar3 must not run on the host. Run it in Docker:
  docker compose -f 'it'\\''s.yml' run --rm -e 'REBAR_PROFILE=a b' erlmcp-ct rebar3 ct --suite 'it'\\''s'
`)
  })

  test('refuses a command without a Docker form', () => {
    const { status, stderr } = shim(shell, ['rebar3', 'hex', 'publish'])
    expect(status).toBe(126)
    expect(stderr).toContain('npx erlmcp rewrite -- rebar3 hex publish')
  })

  test('prints the same Docker form as rewrite', () => {
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
        const line = /Docker:\n {2}([\s\S]*)\n$/.exec(stderr)?.[1]
        expect(line).toBe(form.defined ? form.line : undefined)
      }),
      { numRuns: rounds(150) },
    )
  })

  test('prints the same Docker form as rewrite for make', () => {
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
        const line = /Docker:\n {2}([\s\S]*)\n$/.exec(stderr)?.[1]
        expect(line).toBe(form.defined ? form.line : undefined)
      }),
      { numRuns: rounds(150) },
    )
  })

  test('runs the next program on PATH in a gate service', () => {
    const program = '#!/bin/sh\nprintf "%s|" real "$@"\nexit 3\n'
    mkdirSync(join(root, 'real'))
    writeFileSync(join(root, 'real/erl'), program, { mode: 0o755 })
    // The shims are on PATH twice, and those of another project.
    const folders = [shimFolder, join(root, 'guard/bin'), '', join(root, shimFolder), 'real']
    const PATH = `${folders.join(':')}:${process.env.PATH}`
    const { status, stdout } = shim(shell, ['erl', 'a b', "it's"], { PATH, ...inside })
    expect({ status, stdout }).toEqual({ status: 3, stdout: "real|a b|it's|" })
  })
})

test('refuses on a host with /.dockerenv or the variables of Kubernetes', () => {
  const guard = readFileSync(join(root, '.erlmcp/guard/guard.sh'), 'utf8')
  // The shims read no file of the host.
  const code = guard
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
  expect(code).not.toMatch(/dockerenv|containerenv|cgroup|KUBERNETES/)
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', container: 'docker' }
  expect(shim(['sh'], ['rebar3', 'ct'], env).status).toBe(126)
})

test('runs make outside of Erlang projects, and for goals that are not gates', () => {
  writeFileSync(join(root, 'Makefile'), 'test other:\n\t@echo made $@\n')
  expect(shim(['sh'], ['make', 'test']).stdout).toBe('made test\n')
  writeFileSync(join(root, 'rebar.config'), '')
  expect(shim(['sh'], ['make', 'other']).stdout).toBe('made other\n')
  expect(shim(['sh'], ['make', 'test']).status).toBe(126)
})

test('refuses faster than Node starts', () => {
  const time = (work: () => unknown) => {
    const start = performance.now()
    for (let n = 0; n < 10; n++) work()
    return performance.now() - start
  }
  const node = time(() => spawnSync(process.execPath, ['-e', '0']))
  expect(time(() => shim(['sh'], ['rebar3', 'ct']))).toBeLessThan(node / 2)
})

const resultsOf = (lines: readonly string[], env = outside) => {
  writeInvocations(root, lines)
  const { stdout } = spawnSync('sh', [join(root, 'run')], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return stdout
    .trim()
    .split('\n')
    .map((line, index) => `${line.split(' ')[0]}: ${lines[index]}`)
}

test(`${invocations.length} invocations are refused on a host`, () => {
  expect(resultsOf(invocations)).toEqual(invocations.map((line) => `refused: ${line}`))
})

test('no invocation is refused in a gate service', () => {
  // `env -i` removes the variable of containers.
  const own = invocations.filter((line) => !line.startsWith('env -i'))
  expect(resultsOf(own, inside)).toEqual(own.map((line) => `ran: ${line}`))
})

test('bypasses run, as the README documents', () => {
  expect(resultsOf(bypasses)).toEqual(bypasses.map((line) => `ran: ${line}`))
})
