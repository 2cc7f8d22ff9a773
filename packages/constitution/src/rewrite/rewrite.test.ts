import { execFileSync } from 'node:child_process'
import { stack, synthesize } from '@erlmcp/core'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constitution, constitutionFile, parseConstitution } from '../index.ts'
import { rewrite, shellLine } from '../run.ts'

const map = constitution()
const words = (line: string) => line.split(' ')
const lineOf = (line: string) => {
  const form = rewrite(map, words(line))
  return form.defined ? form.line : `${form.message}. ${form.hint}`
}

describe('the default map', () => {
  test.each([
    ['rebar3 compile', 'erlmcp-build'],
    ['rebar3 eunit', 'erlmcp-unit'],
    ['rebar3 ct --suite test/a_SUITE', 'erlmcp-ct'],
    ['rebar3 dialyzer', 'erlmcp-check'],
    ['rebar3 xref', 'erlmcp-check'],
    ['make benchmark', 'erlmcp-bench'],
    ['make -C apps/a -j 4 eunit V=1', 'erlmcp-unit'],
    ['make cluster', 'erlmcp-node'],
    ['erl -eval ok.', 'erlmcp-build'],
    ['erlc -o ebin a.erl', 'erlmcp-build'],
    ['ct_run -dir test', 'erlmcp-ct'],
    ['dialyzer --src src', 'erlmcp-check'],
    ['rebar3 as test eunit', 'erlmcp-unit'],
    ['rebar3 as test,bench do xref, dialyzer', 'erlmcp-check'],
    ['rebar3 do xref,dialyzer', 'erlmcp-check'],
    ['rebar3 do eunit --module=a,b', 'erlmcp-unit'],
  ])('%s runs in %s', (line, service) => {
    expect(lineOf(line)).toBe(`docker compose run --rm ${service} ${line}`)
  })

  test('drops the path of the program', () => {
    expect(lineOf('./rebar3 ct')).toBe('docker compose run --rm erlmcp-ct rebar3 ct')
    expect(lineOf('/usr/bin/erlc a.erl')).toBe('docker compose run --rm erlmcp-build erlc a.erl')
  })

  test('passes assignments before the program', () => {
    const form = 'docker compose run --rm -e ERL_FLAGS=+S1 -e A=b erlmcp-unit rebar3 eunit'
    expect(lineOf('ERL_FLAGS=+S1 A=b rebar3 eunit')).toBe(form)
    expect(lineOf('env ERL_FLAGS=+S1 A=b rebar3 eunit')).toBe(form)
  })

  test('passes the variables of the caller that the map names', () => {
    const variables = { REBAR_PROFILE: 'test', HOME: '/root', ERL_FLAGS: '+S2' }
    expect(rewrite(map, ['ERL_FLAGS=+S1', 'rebar3', 'ct'], variables)).toMatchObject({
      line: 'docker compose run --rm -e REBAR_PROFILE=test -e ERL_FLAGS=+S1 erlmcp-ct rebar3 ct',
    })
  })

  test('leaves a Docker form as it is', () => {
    for (const line of [
      'docker compose run --rm erlmcp-ct rebar3 ct',
      'docker build -t erlmcp:3.0.0 .',
      'docker stack deploy -c docker-compose.prod.yml erlmcp',
      'kubectl apply --dry-run=server -f k8s/',
    ]) {
      expect(lineOf(line)).toBe(line)
    }
    expect(lineOf('DOCKER_BUILDKIT=1 docker build .')).toBe('env DOCKER_BUILDKIT=1 docker build .')
  })
})

describe('a command without a Docker form', () => {
  test.each([
    ['rebar3 eunti', 'unknown task `rebar3 eunti`. Did you mean eunit?'],
    ['rebar3 hex publish', /^unknown task `rebar3 hex`. Use one of compile, eunit/],
    ['rebar3', /^rebar3 needs a task. Name one of compile/],
    ['make', /^make needs a task/],
    [
      'make test',
      '`make test` has no service. The tests are two gates: `make eunit` and `make ct`.',
    ],
    ['epmd -daemon', /^`epmd` has no service. The nodes of a cluster find each other without epmd/],
    ['rebra3 ct', 'unknown program rebra3. Did you mean rebar3?'],
    ['ls', /^unknown program ls. Use one of rebar3, make, erl,/],
    ['timeout 60 rebar3 ct', /Rewrite the command that it runs: erlmcp rewrite -- rebar3 ct$/],
    [
      'env -i rebar3 ct',
      /^unknown program env. Rewrite the command that it runs: .* -- rebar3 ct$/,
    ],
    ['kubectl apply -f k8s/', /^kubectl is not allowed in this form. Use kubectl apply --dry/],
    ['A=b', /^the command is missing/],
  ])('%s', (line, expected) => {
    expect(rewrite(map, words(line)).defined).toBe(false)
    expect(lineOf(line)).toMatch(expected)
  })

  test.each([
    [['rebar3 ct'], /^unknown program rebar3 ct\n {2}Rewrite .*rewrite -- rebar3 ct$/],
    [['sh', '-c', 'rebar3 ct --dir a'], /^unknown program sh\n.* rewrite -- rebar3 ct --dir a$/],
    [['sh', '-c', 'rebar3 ct; ls'], /^unknown program sh\n {2}Use one of/],
    [['sh', '-c', 'ls -l'], /^unknown program sh\n {2}Use one of/],
  ])('a command line in one word: %j', (argv, expected) => {
    const form = rewrite(map, argv)
    expect(form.defined || `${form.message}\n  ${form.hint}`).toMatch(expected)
  })

  test('suggests how to split tasks of two services', () => {
    expect(
      lineOf('rebar3 as test do compile, eunit --cover, dialyzer'),
    ).toBe(`its tasks belong to different services. Run them one by one:
    docker compose run --rm erlmcp-build rebar3 as test compile
    docker compose run --rm erlmcp-unit rebar3 as test eunit --cover
    docker compose run --rm erlmcp-check rebar3 as test dialyzer`)
  })
})

describe('a map with options', () => {
  const options = {
    prefix: 'shop-',
    files: ['compose.gates.yml'],
    rows: [
      { host: ['rebar3', 'dialyzer'], service: 'types' },
      { host: ['rebar3', 'hex'], reason: 'releases are published by the release workflow' },
      { host: ['mix'], service: 'build' },
    ],
  } as const

  test('sets the prefix and compose files, adds and replaces rows', () => {
    const own = constitution(options)
    const line = (text: string) => {
      const form = rewrite(own, words(text))
      return form.defined ? form.line : form.hint
    }
    expect(line('rebar3 dialyzer')).toBe(
      'docker compose -f compose.gates.yml run --rm shop-types rebar3 dialyzer',
    )
    expect(line('rebar3 hex publish')).toBe('Releases are published by the release workflow.')
    expect(line('mix test')).toContain(' shop-build mix test')
  })

  test('is the same when read from its file', () => {
    const { artifacts } = synthesize(stack('shop', [constitutionFile(options)]))
    expect(artifacts.map(({ path }) => path)).toEqual(['constitution.json'])
    expect(parseConstitution(artifacts[0]!.text)).toEqual(constitution(options))
  })

  test.each([
    ['{', 'constitution.json: invalid JSON'],
    ['[]', 'expected an object'],
    ['{"row": []}', 'unknown key row'],
    ['{"files": "a"}', 'files: expected a list, got "a"'],
    ['{"rows": [{"host": "rebar3"}]}', 'rows[0].host: expected a program'],
    ['{"rows": [{"host": ["mix"]}]}', 'rows[0]: expected a service, or a reason'],
    ['{"rows": [{"host": ["mix"], "service": 1}]}', 'rows[0].service: expected a string'],
  ])('%s is invalid', (text, expected) => {
    expect(() => parseConstitution(text)).toThrow(expected)
  })
})

test('sh splits the printed line into the same words', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme-composite' }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom("'", '"', '$HOME', '`id`', '\n', '*', '~', '#', '-n', '\\', '!', '{a,b}', ''),
  )
  const argvs = fc.array(word.map((text) => text.replace(/\0|\p{Surrogate}/gu, '')))
  fc.assert(
    fc.property(argvs, (args) => {
      const form = rewrite(map, ['erl', ...args])
      expect(form.defined).toBe(true)
      if (!form.defined) return
      // A function replaces docker and prints its arguments.
      const script = `docker() { printf '%s\\0' docker "$@"; }\n${form.line}\n`
      const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
      expect(read.split('\0').slice(0, -1)).toEqual(form.argv)
    }),
    { numRuns: rounds(200) },
  )
  expect(shellLine(["it's", ''])).toBe("'it'\\''s' ''")
})
