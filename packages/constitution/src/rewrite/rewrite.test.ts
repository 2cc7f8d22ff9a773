import { execFileSync } from 'node:child_process'
import { stack, synthesize } from '@erlmcp/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constitution, constitutionFile, parseConstitution } from '../index.ts'
import { rewrite, shellLine } from '../run/index.ts'

const map = constitution()
const words = (line: string) => line.split(' ')
const lineOf = (line: string) => {
  const form = rewrite(map, words(line))
  return form.defined ? form.line : `${form.why}. ${form.hint}`
}

describe('the guide’s map', () => {
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

  test('the program is that of the image, whatever its path was', () => {
    expect(lineOf('./rebar3 ct')).toBe('docker compose run --rm erlmcp-ct rebar3 ct')
    expect(lineOf('/usr/bin/erlc a.erl')).toBe('docker compose run --rm erlmcp-build erlc a.erl')
  })

  test('assignments before it go along', () => {
    const form = 'docker compose run --rm -e ERL_FLAGS=+S1 -e A=b erlmcp-unit rebar3 eunit'
    expect(lineOf('ERL_FLAGS=+S1 A=b rebar3 eunit')).toBe(form)
    expect(lineOf('env ERL_FLAGS=+S1 A=b rebar3 eunit')).toBe(form)
  })

  test('so do the variables of the caller that the map names', () => {
    const variables = { REBAR_PROFILE: 'test', HOME: '/root', ERL_FLAGS: '+S2' }
    expect(rewrite(map, ['ERL_FLAGS=+S1', 'rebar3', 'ct'], variables)).toMatchObject({
      line: 'docker compose run --rm -e REBAR_PROFILE=test -e ERL_FLAGS=+S1 erlmcp-ct rebar3 ct',
    })
  })

  test('what is a Docker form already stays as it is', () => {
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

describe('undefined, hence forbidden', () => {
  test.each([
    ['rebar3 eunti', '`rebar3 eunti` is not in the map. Did you mean eunit?'],
    ['rebar3 hex publish', /`rebar3 hex` is not in the map. Known are: compile, eunit/],
    ['rebar3', /^rebar3 without a task is not defined. Name one: compile/],
    ['make', /^make without a task is not defined/],
    ['make test', '`make test` has no service. It is two gates: `make eunit` and `make ct`.'],
    ['epmd -daemon', /^`epmd` has no service. The nodes of a cluster find each other without epmd/],
    ['rebra3 ct', 'rebra3 is not in the map. Did you mean rebar3?'],
    ['ls', /^ls is not in the map. Known are: rebar3, make, erl,/],
    ['timeout 60 rebar3 ct', /Ask for what it runs: erlmcp rewrite -- rebar3 ct$/],
    ['env -i rebar3 ct', /^env is not in the map. Ask for what it runs: .* -- rebar3 ct$/],
    ['kubectl apply -f k8s/', /^this is not how kubectl may be used. Allowed: kubectl apply --dry/],
    ['A=b', /^there is no command/],
  ])('%s', (line, said) => {
    expect(rewrite(map, words(line)).defined).toBe(false)
    expect(lineOf(line)).toMatch(said)
  })

  test.each([
    [['rebar3 ct'], /^rebar3 ct is not in the map\n {2}Ask for .*rewrite -- rebar3 ct$/],
    [['sh', '-c', 'rebar3 ct --dir a'], /^sh is not .*\n.* rewrite -- rebar3 ct --dir a$/],
    [['sh', '-c', 'rebar3 ct; ls'], /^sh is not .*\n {2}Known are/],
    [['sh', '-c', 'ls -l'], /^sh is not .*\n {2}Known are/],
  ])('a line in one word, with its words where they are plain: %j', (argv, said) => {
    const form = rewrite(map, argv)
    expect(form.defined || `${form.why}\n  ${form.hint}`).toMatch(said)
  })

  test('a list of tasks of two services, with the way to split it', () => {
    expect(
      lineOf('rebar3 as test do compile, eunit --cover, dialyzer'),
    ).toBe(`its parts belong to different services. Run them one after the other:
    docker compose run --rm erlmcp-build rebar3 as test compile
    docker compose run --rm erlmcp-unit rebar3 as test eunit --cover
    docker compose run --rm erlmcp-check rebar3 as test dialyzer`)
  })
})

describe('a map of one’s own', () => {
  const options = {
    prefix: 'shop-',
    files: ['compose.gates.yml'],
    rows: [
      { host: ['rebar3', 'dialyzer'], service: 'types' },
      { host: ['rebar3', 'hex'], why: 'releases are published by the release workflow' },
      { host: ['mix'], service: 'build' },
    ],
  } as const

  test('prefix, compose files, and rows that are added or replaced', () => {
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

  test('its file says the same', () => {
    const { artifacts } = synthesize(stack('shop', [constitutionFile(options)]))
    expect(artifacts.map(({ path }) => path)).toEqual(['constitution.json'])
    expect(parseConstitution(artifacts[0]!.text)).toEqual(constitution(options))
  })

  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'it must hold an object'],
    ['{"row": []}', 'it has "row", which means nothing'],
    ['{"files": "a"}', 'its files must be a list of texts'],
    ['{"rows": [{"host": "rebar3"}]}', 'rows[0].host must be a program'],
    ['{"rows": [{"host": ["mix"]}]}', 'rows[0] must have a service, or the reason'],
    ['{"rows": [{"host": ["mix"], "service": 1}]}', 'rows[0].service is not a text'],
  ])('%s is refused in words', (text, said) => {
    expect(() => parseConstitution(text)).toThrow(said)
  })
})

test('a real sh reads the printed line as exactly the words', () => {
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
      // A function takes the place of docker, and says what it was given.
      const script = `docker() { printf '%s\\0' docker "$@"; }\n${form.line}\n`
      const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
      expect(read.split('\0').slice(0, -1)).toEqual(form.argv)
    }),
    { numRuns: 200 },
  )
  expect(shellLine(["it's", ''])).toBe("'it'\\''s' ''")
})
