import { attach, compose, network, service } from '@erlmcp/compose'
import { constitutionFile } from '@erlmcp/constitution'
import { type BuiltImage, stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  cover,
  driftWorkflow,
  erlangGates,
  type GateSpec,
  type GatesOptions,
  type GateValue,
  gate,
  gates,
  gatesWorkflow,
  releaseWorkflow,
} from './index.ts'
import { findGates } from './run.ts'

const image: BuiltImage = {
  image: 'shop:1.0.0-tools',
  build: { context: '.', dockerfile: 'Dockerfile', target: 'tools' },
  user: '1000:1000',
  writable: ['/tmp'],
}
const spec: GateSpec = { service: 'shop-check', command: ['rebar3', 'fmt'], timeout: '2m' }
const given = (more: Partial<GateSpec>) => gate('format', { ...spec, ...more })
const made = (values: readonly GateValue[], options: Partial<GatesOptions> = {}) =>
  gates(values, { image, ...options })

/** Services of the compose file that a stack with these gates comes to. */
function servicesOf(values: readonly GateValue[], options?: Partial<GatesOptions>) {
  const quality = made(values, options)
  const file = compose('docker-compose.yml', [...quality.services])
  const { artifacts, diagnostics } = synthesize(stack('shop', [quality, file]))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return parse(artifacts.find(({ path }) => path === 'docker-compose.yml')!.text).services
}

describe('gate', () => {
  it.each(['', 'Compile', '9lives', 'a b', 'a\nb', 'a$(id)', '../a', '-a', 'a'.repeat(41)])(
    'rejects the name %j',
    (name) => {
      expect(() => gate(name, spec)).toThrow('Use up to 40 lower-case letters')
    },
  )

  it.each(['', '-rm', 'a b', 'a\n', '$(id)', 'a/b', '--privileged'])(
    'rejects the service %j',
    (name) => {
      expect(() => given({ service: name })).toThrow('invalid service')
    },
  )

  it.each(['10', '0m', '10min', '-1s', '1d', '25h', '1e9h', ' 1m', '', 10 as never])(
    'rejects the timeout %j',
    (timeout) => {
      const hint = "expected a duration of at most a day\n  Write '90s' or '10m'."
      expect(() => given({ timeout: timeout as '1m' })).toThrow(hint)
    },
  )

  it.each([
    '/etc',
    '..',
    '../a',
    'a/../..',
    '',
    '.',
    'a//b',
    './a',
    '-rf',
    'a/--help',
    '.*',
    'a b',
  ])('rejects the path %j', (path) => {
    expect(() => given({ outputs: [path] })).toThrow('expected a path below the project')
    expect(() => given({ cache: [path] })).toThrow('expected a path below the project')
  })

  it.each(['a$b', 'a;b', 'a\nb', '~', 'a\\b', '`id`', "a'b", 'a?', '[a]', '{a,b}'])(
    'rejects the path %j, which a shell would expand',
    (path) => {
      expect(() => given({ outputs: [path] })).toThrow('expected a path below the project')
    },
  )

  it('accepts paths with dots and patterns', () => {
    const cache = ['_build/default/*_plt', '.cache/a..b', '.rebar3', '@c+d']
    expect(given({ cache }).spec.cache).toEqual(cache)
  })

  it('rejects an input without outputs', () => {
    const silent = gate('silent', spec)
    expect(() => given({ inputs: [silent] })).toThrow('the input silent has no outputs')
  })

  it.each([
    [{ command: 'rebar3 fmt' as never }, '`command`: expected a list of strings'],
    [{ service: undefined as never }, 'invalid service undefined'],
    [{ evidence: ['_build/test'] as never }, '`evidence`: expected a list of readers'],
    [{ needs: ['compile'] as never }, '`needs`: expected a list of gates'],
    [{ inputs: gate('other', spec) as never }, '`inputs`: expected a list of gates'],
    [{ evidnce: [] } as never, 'unknown key evidnce\n  Did you mean `evidence`?'],
  ])('rejects %j, also from JavaScript', (more, words) => {
    expect(() => given(more)).toThrow(words)
  })

  it('has the location of the call', () => {
    expect(() => given({ timeout: '10' as '10m' })).toThrow(
      /gates\.test\.ts:\d+:\d+: gate "format"/,
    )
  })

  it('copies its lists, so that it never needs itself', () => {
    const needs: GateValue[] = []
    const one = gate('one', { ...spec, needs })
    needs.push(one)
    expect(made([one]).gates).toEqual([one])
  })
})

describe('gates', () => {
  const other = gate('other', { ...spec, command: ['rebar3', 'lint'] })

  it('are in a profile, in topological order', () => {
    const needy = given({ needs: [other] })
    expect(made([needy]).gates).toEqual([other, needy])
    const { 'shop-check': one } = servicesOf([needy])
    expect(one.profiles).toEqual(['gates'])
  })

  it.each([
    [[network('backend')], ['gates', 'backend']],
    [[attach(network('backend'), { aliases: ['db'] })], ['gates', 'backend']],
    [undefined, ['gates', 'default']],
  ])('join the networks %j of their dependencies', (networks, names) => {
    const db = service('db', { image: 'db:1', ...(networks && { networks }) })
    const services = { 'shop-check': { depends_on: [db] } }
    expect(servicesOf([other], { services })['shop-check'].networks).toEqual(names)
  })

  it('keep the environment of gates in an override', () => {
    const { 'shop-check': one } = servicesOf([other], {
      service: { mem_limit: '1G', deploy: undefined },
      services: { 'shop-check': { environment: { A: 'b' } } },
    })
    expect(one.environment).toEqual({ ERLMCP_IN_CONTAINER: '1', A: 'b' })
    expect(one.mem_limit).toBe('1G')
  })

  it('reject two with one name', () => {
    expect(() => made([gate('a', spec), gate('a', { ...spec, command: ['b'] })])).toThrow(
      'duplicate gate a',
    )
  })

  it('may have the same command', () => {
    expect(made([gate('a', spec), gate('b', spec)]).gates).toHaveLength(2)
  })

  it('reject two that build, and an empty list', () => {
    const build = (name: string) => gate(name, { ...spec, command: [name], builds: true })
    expect(() => made([build('a'), build('b')])).toThrow('two gates have `builds`: a and b')
    expect(() => made([])).toThrow('gates(…): expected a list of gates')
  })

  it.each([
    [() => made(erlangGates() as never), 'gates(…): expected a list of gates'],
    [() => made(['compile'] as never), 'gates(…): expected a list of gates'],
    [() => gates([other], { image: { tools: image } as never }), '{ image: image.tools }'],
    [() => gates([other], undefined as never), '{ image: image.tools }'],
    [() => made([other], { sources: 'src' as never }), "Write ['src', 'test', 'rebar.config']"],
    [() => made([other], { source: ['src'] } as never), 'gates(…): unknown key source'],
    [() => made([other], { services: { 'shop-chek': {} } }), 'unknown service "shop-chek"'],
    [() => made([other], { name: '../gates' }), 'invalid name "../gates"'],
    [() => erlangGates({ prefx: 'shop-' } as never), 'Did you mean `prefix`?'],
    [() => erlangGates({ bench: { inconclusiv: 'fail' } } as never), '`inconclusive`'],
    [() => erlangGates({ timeouts: { eunti: '1m' } } as never), 'Did you mean `eunit`?'],
    [
      () => erlangGates({ skips: { ct: { 'a_SUITE:b': ' ' } } }),
      'skip of a_SUITE:b has an empty reason',
    ],
    [() => erlangGates({ skips: { eunit: { 'a:b': '' } } }), 'the skip of a:b has an empty reason'],
    [
      () => cover('a', { threshold: 1, exclude: { a: '' } }),
      'the exclusion of a has an empty reason',
    ],
    [() => erlangGates({ coverage: 90 }), 'gates.test.ts'],
    [() => constitutionFile({ prefx: 'shop-' } as never), /prefx/],
    [() => gatesWorkflow(made([other]), { branch: ['a'] } as never), 'unknown key branch'],
    [() => driftWorkflow({ brnches: ['a'] } as never), 'Did you mean `branches`?'],
    [() => releaseWorkflow(image, { repo: 'a/b' } as never), 'unknown key repo'],
  ])('report invalid arguments with the location of the call: %s', (make, words) => {
    expect(make).toThrow(words)
    expect(make).toThrow(/gates\.test\.ts:\d+:\d+: /)
  })

  it.each([
    '.',
    '',
    '..',
    '../other',
    '/etc',
    'apps/',
    './apps',
    '.git',
    '.erlmcp/gates',
    '_build/test',
    'a/../b',
  ])('reject the source %j', (source) => {
    expect(() => made([other], { sources: ['apps', source] })).toThrow('gates(…): invalid source')
  })

  it('escape a command, so that compose interpolates nothing', () => {
    const hostile = ["it's", '"', '$HOME', '${PATH}', '$$', '#', '\n', '*', '- a: b', '!x']
    const { 'shop-check': one } = servicesOf([given({ command: ['echo', ...hostile] })])
    const dollars = (text: string) => text.replaceAll('$', '$$$$')
    expect(one.command).toEqual(['echo', ...hostile.map(dollars)])
  })

  it('are found with the compose file of all their services', () => {
    const quality = made(Object.values(erlangGates({ prefix: 'shop-' })))
    const [first, ...rest] = quality.services
    const find =
      (...sources: Parameters<typeof stack>[1]) =>
      () =>
        findGates(stack('shop', sources))
    expect(find(quality, compose('a.yml', [...quality.services]))().file).toBe('a.yml')
    expect(find(compose('a.yml', [service('app', { image: 'a:1' })]))).toThrow(
      'the stack shop has no gates',
    )
    expect(find(quality, compose('a.yml', [first!]))).toThrow(
      'no compose file with shop-unit, shop-ct, shop-check',
    )
    expect(find(quality, compose('a.yml', [first!]), compose('b.yml', rest))).toThrow(
      'no compose file with all services of the gates',
    )
  })

  it('reject a service of the application with the same name', () => {
    const quality = made([other])
    const app = service('shop-check', { image: 'a:1' })
    const file = compose('a.yml', [app, ...quality.services])
    expect(() => synthesize(stack('shop', [quality, file]))).toThrow('shop-check')
  })
})
