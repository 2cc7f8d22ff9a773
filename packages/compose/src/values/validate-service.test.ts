import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import {
  attach,
  compose,
  config,
  interpolate,
  mount,
  network,
  override,
  random,
  secret,
  service,
  volume,
} from '../index.ts'

// A stack.ts runs without being type-checked.
const web = (spec: unknown) => service('web', spec as Parameters<typeof service>[1])
const image = 'nginx:1.29'

describe('an invalid spec is rejected at the call', () => {
  it.each<[string, unknown, string]>([
    ['no options', undefined, 'service web: expected an object, got undefined'],
    ['a typo', { imagee: image }, 'Did you mean `image`?'],
    ['another case', { image, capDrop: ['ALL'] }, 'Did you mean `cap_drop`?'],
    [
      'a name for a network',
      { image, networks: ['backend'] },
      'networks of service web has "backend"',
    ],
    [
      'a secret as network',
      { image, networks: [secret('a')] },
      'networks of service web has the secret a',
    ],
    [
      'a network as secret',
      { image, secrets: [attach(network('a'), {})] },
      "Write secrets: [secret('",
    ],
    [
      'a map of dependencies',
      { image, depends_on: { db: {} } },
      'depends_on of service web: expected a list, got an object with db',
    ],
    ['a dependency by name', { image, depends_on: ['db'] }, 'Write depends_on: [healthy(db)].'],
    ['one port', { image, ports: '80:80' }, 'ports of service web: expected a list, got "80:80"'],
    [
      'a negative port',
      { image, ports: [{ target: 80, published: -1 }] },
      'ports of service web has',
    ],
    ['a port too high', { image, ports: [{ target: 80, published: 70_000 }] }, 'publish(8080, 80)'],
    ['half a port', { image, ports: [{ target: 80.5 }] }, 'ports of service web has'],
    [
      'a range backwards',
      { image, ports: [{ target: 80, published: '9-8' }] },
      'ports of service web has',
    ],
    ['a volume without a place', { image, volumes: [volume('v')] }, "[mount(volume('data'), '/var"],
    ['a link to nothing', { image, links: [undefined] }, 'links of service web has undefined'],
    ['a name to extend', { image, extends: 'base' }, 'Write extends: base'],
    ['no credentials', { image, credential_spec: null }, 'credential_spec of service web is null'],
    ['a range of the container', { image, ports: [{ target: '80-90' }] }, 'ports of service web'],
    ['no address', { image, ports: [{ target: 80, host_ip: 'lo' }] }, 'ports of service web has'],
    [
      'a name of one letter',
      { image, container_name: 'a' },
      'container_name of service web is "a"',
    ],
    ['a named volume as text', { image, volumes: ['data:/data'] }, 'mount(volume("data"), …)'],
    [
      'an unknown flag of a mount',
      { image, volumes: ['./a:/b:rox'] },
      'which has the unknown flag "rox"',
    ],
    ['a mount of too many parts', { image, volumes: ['./a:/b:ro:z'] }, 'which has too many parts'],
    ['a flag in place of a place', { image, volumes: ['/data:ro'] }, 'is not absolute'],
    ['nothing as a mount', { image, volumes: [null] }, 'volumes of service web has null'],
    ['a variable with =', { image, environment: { 'A=B': 'x' } }, 'has the name "A=B"'],
    ['a variable without a name', { image, environment: { '': 'x' } }, 'has the name ""'],
    ['a variable of the prototype', { image, environment: { ['__proto__']: 'x' } }, '"__proto__"'],
    ['a NUL byte', { image, environment: { A: 'a\0b' } }, 'has a NUL byte in A'],
    [
      'an object as a variable',
      { image, environment: { A: { B: 1 } } },
      'has an object with B as A',
    ],
    ['a date as a label', { image, labels: { a: new Date(0) } }, 'has an object with no keys as a'],
    [
      'a NUL byte in a command',
      { image, command: ['a\0'] },
      'command of service web: expected strings without NUL bytes',
    ],
    [
      'a number in a command',
      { image, command: ['a', 1] },
      'command of service web: expected strings without NUL bytes, got 1',
    ],
    ['no number as a variable', { image, environment: { A: Number.NaN } }, 'has a NaN as A'],
    ['a bigint as a variable', { image, environment: { A: 1n } }, 'has a bigint as A'],
    ['a symbol as a label', { image, labels: { a: Symbol('x') } }, 'has a symbol as a'],
    ['a number as build', { build: 5 }, 'build of service web is 5'],
    [
      'nothing as build',
      { build: null },
      "Write build: image.runtime, or build: { context: '.' }.",
    ],
  ])('%s', (_, spec, words) => {
    expect(() => web(spec)).toThrow(words)
    expect(() => web(spec)).toThrow(/validate-service\.test\.ts:\d+:\d+: /)
  })

  it('also in a change, and in what a service uses', () => {
    expect(() => override(web({ image }), { imagee: 1 } as never)).toThrow('Did you mean `image`?')
    expect(() => network('a', { internall: true } as never)).toThrow('Did you mean `internal`?')
    expect(() => volume('a', { drivers: 'x' } as never)).toThrow('Did you mean `driver`?')
    expect(() => secret('.gitignore')).toThrow('would be in the file ./secrets/.gitignore')
    expect(() => service('__proto__', { image })).toThrow('is not a valid service name')
    expect(() => interpolate`redis:${undefined as never}`).toThrow(
      'interpolate: expected text, a number or a variable, got undefined',
    )
  })

  it.each<[string, () => unknown, string]>([
    [
      'no name',
      () => service(undefined as never, { image }),
      "Begin with its name: service('name'",
    ],
    ['a number as a name', () => network(5 as never), '5 is not a valid network name'],
    ['a list as a name', () => volume(['data'] as never), '["data"] is not a valid volume name'],
    [
      'null as options',
      () => secret('key', null as never),
      'secret key: expected an object, got null',
    ],
    [
      'text as options',
      () => network('edge', 'bridge' as never),
      'network edge: expected an object',
    ],
    ['a config of nothing', () => config('motd', {}), 'the config motd has no content'],
    ['a secret of no bytes', () => random({ bytes: 0 }), 'expected 16 to 1024 bytes, got 0'],
    [
      'a secret of half a byte',
      () => random({ bytes: 16.5 }),
      'expected 16 to 1024 bytes, got 16.5',
    ],
    [
      'a secret in base64',
      () => random({ encoding: 'base64' as never }),
      'unknown encoding "base64"',
    ],
    [
      'a password as a recipe',
      () => secret('key', { make: 'hunter2' as never }),
      'expected a recipe',
    ],
    [
      'a number as a file',
      () => secret('key', { file: 5 as never }),
      'an invalid file: expected a path, got 5',
    ],
  ])('in a value: %s', (_, make, words) => {
    expect(make).toThrow(words)
    expect(make).toThrow(/validate-service\.test\.ts:\d+:\d+: /)
  })

  it.each<[string, unknown, string]>([
    [
      'a promise of an image',
      { image: Promise.resolve(image) },
      'services.web.image: expected the name of an image, got a promise',
    ],
    ['a number of seconds', { image, stop_grace_period: 10 }, 'expected a duration, got 10'],
    ['a number as a user', { image, user: 1000 }, 'services.web.user'],
    ['a number as a switch', { image, read_only: 0 }, 'expected true or false'],
    ['a word as logging', { image, logging: 'local' }, 'services.web.logging'],
    ['a word as a healthcheck', { image, healthcheck: 'curl' }, 'services.web.healthcheck'],
    ['a number among hosts', { image, extra_hosts: [5] }, 'services.web.extra_hosts'],
    ['a number as a host', { image, hostname: 5 }, 'services.web.hostname'],
    ['a map of JavaScript', { image, environment: new Map([['A', '1']]) }, 'a Map cannot be'],
    ['a promise of variables', { image, environment: Promise.resolve({}) }, 'a Promise cannot be'],
  ])('when the file is made: %s', (_, spec, words) => {
    const made = () => synthesize(stack('s', [compose('compose.yaml', [web(spec)])]))
    expect(made).toThrow(words)
    expect(made).toThrow(/validate-service\.test\.ts:\d+:\d+: /)
  })

  it.each<[string, unknown[], string]>([
    ['no path', [undefined, []], 'path of a compose file: expected a file, got undefined'],
    ['a folder', ['deploy/', []], 'path of a compose file: expected a file, got "deploy/"'],
    [
      'one service, not a list',
      ['compose.yaml', web({ image })],
      'expected a list, got the service web',
    ],
    [
      'no services',
      ['compose.yaml'],
      'the services of compose.yaml: expected a list, got undefined',
    ],
    ['a network', ['compose.yaml', [network('edge')]], 'contain the network edge'],
    ['nothing', ['compose.yaml', [undefined]], 'contain a value of type undefined'],
    ['a misspelt option', ['compose.yaml', [], { nmae: 'x' }], 'Did you mean `name`?'],
    [
      'an invalid project name',
      ['compose.yaml', [], { name: 'My shop' }],
      'the project name "My shop"',
    ],
  ])('in a file: %s', (_, given, words) => {
    const make = () => (compose as (...given: unknown[]) => unknown)(...given)
    expect(make).toThrow(words)
    expect(make).toThrow(/validate-service\.test\.ts:\d+:\d+: /)
  })

  it.each([
    ['999.1.1.1:80:80', 'has an invalid IP address'],
    ['[::g]:80:80', 'has an invalid IP address'],
    ['80:80/xyz', 'expected tcp, udp or sctp'],
  ])('a port: %s', (port, words) => {
    const file = compose('compose.yaml', [web({ image, ports: [port] })])
    expect(() => synthesize(stack('s', [file]))).toThrow(words)
  })

  it.each<[string, unknown, string, string]>([
    [
      'a check',
      { healthcheck: { tset: 'true' } },
      'healthcheck: unknown key tset',
      'Did you mean `test`?',
    ],
    ['a limit', { deploy: { resources: { limits: { memroy: '1G' } } } }, 'memroy', '`memory`'],
    [
      'a port',
      { ports: [{ target: 80, hostIp: '::1' }] },
      'ports[0]: unknown key hostIp',
      '`host_ip`',
    ],
    [
      'a mount',
      { volumes: [{ type: 'bind', read_ony: true }] },
      'volumes[0]: unknown key read_ony',
      '`read_only`',
    ],
    ['a build', { build: { dockerFile: 'D' } }, 'build: unknown key dockerFile', '`dockerfile`'],
    ['a log', { logging: { option: {} } }, 'logging: unknown key option', '`options`'],
    [
      'an attachment',
      { networks: [attach(network('a'), { alias: [] } as never)] },
      'a: unknown key alias',
      'es`',
    ],
    [
      'a network',
      { networks: [network('a', { ipam: { confg: [] } } as never)] },
      'ipam: unknown key confg',
      '`config`',
    ],
    [
      'a volume',
      { volumes: [mount(volume('v', { driver_opts: 'x' } as never), '/v')] },
      'opts',
      'object',
    ],
    ['a scalar', { cgroup_parent: ['x'] }, 'cgroup_parent', 'expected a string'],
  ])('a key within %s', (_, spec, where, meant) => {
    const file = compose('compose.yaml', [web({ image, ...(spec as object) })])
    const make = () => synthesize(stack('s', [file]))
    expect(make).toThrow(where)
    expect(make).toThrow(meant)
    expect(make).toThrow(
      /validate-service\.test\.ts:\d+:\d+: (services\.web|networks\.a|volumes\.v)\./,
    )
  })

  it('a variable of the shell that is not set, in a list', () => {
    const file = compose('compose.yaml', [web({ image, dns: ['1.1.1.1', process.env.NO_SUCH] })])
    expect(() => synthesize(stack('s', [file]))).toThrow(
      'services.web.dns[1]: expected a string, got undefined',
    )
  })

  it.each([
    [() => mount(undefined as never, '/x'), 'as source, got undefined'],
    [() => mount(network('n') as never, '/x'), 'as source, got the network n'],
    [
      () => mount(volume('v'), undefined as never),
      'a path in the container as target, got undefined',
    ],
  ])('a mount %#', (make, words) => {
    expect(make).toThrow(words)
    expect(make).toThrow(/validate-service\.test\.ts:\d+:\d+: /)
  })

  it('circular data, with the name of the file', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const file = compose('compose.yaml', [service('web', { image, 'x-own': cycle })])
    expect(() => synthesize(stack('s', [file]))).toThrow('circular reference')
  })
})

describe('the arguments of a function', () => {
  it('are copied, not frozen', () => {
    const spec = { image: 'nginx:1.29' as const, init: true }
    const one = service('one', spec)
    spec.init = false
    expect(one.spec.init).toBe(true)
    const options = { aliases: ['a'], priority: 1 }
    attach(network('edge'), options)
    options.priority = 2
    const definition = { internal: true }
    network('backend', definition)
    definition.internal = false
  })
})
