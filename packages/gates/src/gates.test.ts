import { compose, network, service, use } from '@erlmcp/compose'
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
import { findGates } from './run/index.ts'

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
    'cannot be called %j',
    (name) => {
      expect(() => gate(name, spec)).toThrow('Use up to 40 lower-case letters')
    },
  )

  it.each(['', '-rm', 'a b', 'a\n', '$(id)', 'a/b', '--privileged'])(
    'cannot run in a service %j',
    (name) => {
      expect(() => given({ service: name })).toThrow('cannot name a service')
    },
  )

  it.each(['10', '0m', '10min', '-1s', '1d', '25h', '1e9h', ' 1m', '', 10 as never])(
    'cannot take %j',
    (timeout) => {
      const hint = "is none\n  Write it like '90s' or '10m'; a day is the most."
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
  ])('keeps nothing at %j', (path) => {
    expect(() => given({ outputs: [path] })).toThrow('is not one below the project')
    expect(() => given({ cache: [path] })).toThrow('is not one below the project')
  })

  it.each(['a$b', 'a;b', 'a\nb', '~', 'a\\b', '`id`', "a'b", 'a?', '[a]', '{a,b}'])(
    'a shell reads nothing but the path in %j',
    (path) => {
      expect(() => given({ outputs: [path] })).toThrow('is not one below the project')
    },
  )

  it('inputs paths with dots and patterns', () => {
    const cache = ['_build/default/*_plt', '.cache/a..b', '.rebar3', '@c+d']
    expect(given({ cache }).spec.cache).toEqual(cache)
  })

  it('says which gate gives nothing to one that inputs', () => {
    const silent = gate('silent', spec)
    expect(() => given({ inputs: [silent] })).toThrow('it inputs what silent gives')
  })

  it.each([
    [{ command: 'rebar3 fmt' as never }, 'its command cannot be run'],
    [{ service: undefined as never }, 'undefined cannot name a service'],
    [{ evidence: ['_build/test'] as never }, 'its `evidence` is no list of readers'],
    [{ needs: ['compile'] as never }, 'its `needs` are no list of gates'],
    [{ inputs: gate('other', spec) as never }, 'its `inputs` are no list of gates'],
    [{ evidnce: [] } as never, 'unknown option evidnce\n  Did you mean `evidence`?'],
  ])('refuses %j, which only a compiler would have seen', (more, words) => {
    expect(() => given(more)).toThrow(words)
  })

  it('says where it was made', () => {
    expect(() => given({ timeout: '10' as '10m' })).toThrow(
      /gates\.test\.ts:\d+:\d+: gate "format"/,
    )
  })

  it('never needs itself, also when its list grows later', () => {
    const needs: GateValue[] = []
    const one = gate('one', { ...spec, needs })
    needs.push(one)
    expect(made([one]).gates).toEqual([one])
  })
})

describe('gates', () => {
  const other = gate('other', { ...spec, command: ['rebar3', 'lint'] })

  it('are behind a profile, each with all it needs before it', () => {
    const needy = given({ needs: [other] })
    expect(made([needy]).gates).toEqual([other, needy])
    const { 'shop-check': one } = servicesOf([needy])
    expect(one.profiles).toEqual(['gates'])
  })

  it.each([
    [[network('backend')], ['gates', 'backend']],
    [[use(network('backend'), { aliases: ['db'] })], ['gates', 'backend']],
    [undefined, ['gates', 'default']],
  ])('reach what they depend on, by its networks %j', (networks, names) => {
    const db = service('db', { image: 'db:1', ...(networks && { networks }) })
    const services = { 'shop-check': { depends_on: [db] } }
    expect(servicesOf([other], { services })['shop-check'].networks).toEqual(names)
  })

  it('keep what gates cannot do without, whatever is changed in them', () => {
    const { 'shop-check': one } = servicesOf([other], {
      service: { mem_limit: '1G', deploy: undefined },
      services: { 'shop-check': { environment: { A: 'b' } } },
    })
    expect(one.environment).toEqual({ ERLMCP_IN_CONTAINER: '1', A: 'b' })
    expect(one.mem_limit).toBe('1G')
  })

  it('refuse two of one name', () => {
    expect(() => made([gate('a', spec), gate('a', { ...spec, command: ['b'] })])).toThrow(
      'two gates are called a',
    )
  })

  it('refuse two that nothing tells apart', () => {
    const split = gate('split', { ...spec, command: ['rebar3 fmt'] })
    expect(() => made([gate('a', spec), split])).toThrow(
      'the gates a and split run the same words: rebar3 fmt',
    )
  })

  it('refuse two that build, and none at all', () => {
    const build = (name: string) => gate(name, { ...spec, command: [name], builds: true })
    expect(() => made([build('a'), build('b')])).toThrow('the gates a and b both build')
    expect(() => made([])).toThrow('there are no gates')
  })

  it.each([
    [() => made(erlangGates() as never), 'was given no list of gates'],
    [() => made(['compile'] as never), 'was given no list of gates'],
    [() => gates([other], { image: { tools: image } as never }), '{ image: image.tools }'],
    [() => gates([other], undefined as never), '{ image: image.tools }'],
    [() => made([other], { sources: 'src' as never }), "Such as ['src', 'test', 'rebar.config']"],
    [() => made([other], { source: ['src'] } as never), 'gates(…): unknown option source'],
    [() => made([other], { services: { 'shop-chek': {} } }), 'unknown service "shop-chek"'],
    [() => made([other], { prefix: '../gates' }), 'invalid prefix "../gates"'],
    [() => erlangGates({ prefx: 'shop-' } as never), 'Did you mean `prefix`?'],
    [() => erlangGates({ bench: { inconclusiv: 'fail' } } as never), '`inconclusive`'],
    [() => erlangGates({ timeouts: { eunti: '1m' } } as never), 'Did you mean `eunit`?'],
    [() => erlangGates({ skips: { ct: { 'a_SUITE:b': ' ' } } }), 'skip of a_SUITE:b has no reason'],
    [() => erlangGates({ skips: { eunit: { 'a:b': '' } } }), 'the skip of a:b has no reason'],
    [() => cover('a', { threshold: 1, exclude: { a: '' } }), 'the exclusion of a has no reason'],
    [() => erlangGates({ coverage: 90 }), 'gates.test.ts'],
    [() => constitutionFile({ prefx: 'shop-' } as never), 'it has "prefx", which means nothing'],
    [() => gatesWorkflow(made([other]), { branch: ['a'] } as never), 'unknown option branch'],
    [() => driftWorkflow({ brnches: ['a'] } as never), 'Did you mean `branches`?'],
    [() => releaseWorkflow(image, { repo: 'a/b' } as never), 'unknown option repo'],
  ])('say what is wrong where no compiler looked, and where: %s', (make, words) => {
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
  ])('see no source %j', (source) => {
    expect(() => made([other], { sources: ['apps', source] })).toThrow('gates cannot see')
  })

  it('keep a command as it is, also where compose would put a variable in', () => {
    const hostile = ["it's", '"', '$HOME', '${PATH}', '$$', '#', '\n', '*', '- a: b', '!x']
    const { 'shop-check': one } = servicesOf([given({ command: ['echo', ...hostile] })])
    const dollars = (text: string) => text.replaceAll('$', '$$$$')
    expect(one.command).toEqual(['echo', ...hostile.map(dollars)])
  })

  it('are found with the compose file that has all their services', () => {
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
      'no compose file of the stack has shop-unit, shop-ct, shop-check',
    )
    expect(find(quality, compose('a.yml', [first!]), compose('b.yml', rest))).toThrow(
      'has every service of the gates',
    )
  })

  it('a service of the application cannot have the name of theirs', () => {
    const quality = made([other])
    const app = service('shop-check', { image: 'a:1' })
    const file = compose('a.yml', [app, ...quality.services])
    expect(() => synthesize(stack('shop', [quality, file]))).toThrow('shop-check')
  })
})
