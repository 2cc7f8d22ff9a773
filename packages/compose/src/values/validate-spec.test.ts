import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import {
  attach,
  compose,
  config,
  env,
  healthy,
  interpolate,
  mount,
  network,
  override,
  publish,
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
      'networks[0] of service web: expected a network or a network attachment, got "backend"',
    ],
    ['a secret as network', { image, networks: [secret('a')] }, 'got the secret a'],
    [
      'a network as secret',
      { image, secrets: [attach(network('a'), {})] },
      "Write secrets: [secret('",
    ],
    [
      'a map of dependencies',
      { image, depends_on: { db: {} } },
      'depends_on of service web: expected a list, got an object',
    ],
    [
      'a dependency by name',
      { image, depends_on: ['db'] },
      'Write depends_on: [healthy(db)]; a service of an included file is serviceNamed(',
    ],
    ['one port', { image, ports: '80:80' }, 'ports of service web: expected a list, got "80:80"'],
    ['half a port', { image, ports: [{ target: 80.5 }] }, 'ports[0].target of service web'],
    [
      'a volume without a place',
      { image, volumes: [volume('v')] },
      "or mount(volume('data'), '/var",
    ],
    [
      'a link to nothing',
      { image, links: [undefined] },
      'links[0] of service web: expected a service or an object, got undefined',
    ],
    ['a name to extend', { image, extends: 'base' }, 'Write extends: base'],
    [
      'no credentials',
      { image, credential_spec: null },
      'credential_spec of service web: expected an object, got null',
    ],
    ['a named volume as text', { image, volumes: ['data:/data'] }, 'mount(volume("data"), …)'],
    ['an unknown flag of a mount', { image, volumes: ['./a:/b:rox'] }, 'Use the flags ro, rw'],
    [
      'a mount of too many parts',
      { image, volumes: ['./a:/b:ro:z'] },
      'expected a mount, got "./a:/b:ro:z"',
    ],
    [
      'a flag in place of a place',
      { image, volumes: ['/data:ro'] },
      'expected a mount, got "/data:ro"',
    ],
    [
      'nothing as a mount',
      { image, volumes: [null] },
      'volumes[0] of service web: expected a mount, got null',
    ],
    [
      'a variable with =',
      { image, environment: { 'A=B': 'x' } },
      'environment of service web: invalid name "A=B": expected a name without `=`',
    ],
    ['a variable without a name', { image, environment: { '': 'x' } }, 'invalid name ""'],
    ['a variable of the prototype', { image, environment: { ['__proto__']: 'x' } }, '"__proto__"'],
    [
      'an object as a variable',
      { image, environment: { A: { B: 1 } } },
      'environment.A of service web: expected',
    ],
    [
      'a date as a label',
      { image, labels: { a: new Date(0) } },
      'labels.a of service web: expected',
    ],
    [
      'a NUL byte',
      { image, environment: { A: 'a\0b' } },
      'environment.A of service web: expected a string without NUL bytes',
    ],
    [
      'a NUL byte in a command',
      { image, command: ['a\0'] },
      'command[0] of service web: expected a string without NUL bytes',
    ],
    [
      'a number in a command',
      { image, command: ['a', 1] },
      'command[1] of service web: expected a string without NUL bytes, got 1',
    ],
    ['no number as a variable', { image, environment: { A: Number.NaN } }, 'got NaN'],
    ['a bigint as a variable', { image, environment: { A: 1n } }, 'got 1n'],
    ['a symbol as a label', { image, labels: { a: Symbol('x') } }, 'got Symbol(x)'],
    [
      'a number as build',
      { build: 5 },
      'build of service web: expected a string or an object, got 5',
    ],
    [
      'nothing as build',
      { build: null },
      "Write build: image.runtime, or build: { context: '.' }.",
    ],
  ])('%s', (_, spec, words) => {
    expect(() => web(spec)).toThrow(words)
    expect(() => web(spec)).toThrow(/validate-spec\.test\.ts:\d+:\d+: /)
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
      'file of secret key: expected a string, got 5',
    ],
  ])('in a value: %s', (_, make, words) => {
    expect(make).toThrow(words)
    expect(make).toThrow(/validate-spec\.test\.ts:\d+:\d+: /)
  })

  it.each<[string, unknown, string]>([
    [
      'a promise of an image',
      { image: Promise.resolve(image) },
      'image of service web: expected the name of an image, got a promise',
    ],
    ['a number of seconds', { image, stop_grace_period: 10 }, 'expected a duration, got 10'],
    ['a number as a user', { image, user: 1000 }, 'user of service web'],
    ['a number as a switch', { image, read_only: 0 }, 'expected true or false'],
    ['a word as logging', { image, logging: 'local' }, 'logging of service web'],
    ['a word as a healthcheck', { image, healthcheck: 'curl' }, 'healthcheck of service web'],
    ['a number among hosts', { image, extra_hosts: [5] }, 'extra_hosts[0] of service web'],
    ['a number as a host', { image, hostname: 5 }, 'hostname of service web'],
    [
      'a promise of variables',
      { image, environment: Promise.resolve({}) },
      'environment of service web: expected a list or an object, got a promise',
    ],
  ])('a value of another type: %s', (_, spec, words) => {
    expect(() => web(spec)).toThrow(words)
    expect(() => web(spec)).toThrow(/validate-spec\.test\.ts:\d+:\d+: /)
  })

  it('a map of JavaScript, when the file is made', () => {
    const app = web({ image, environment: new Map([['A', '1']]) })
    expect(() => synthesize(stack('s', [compose('compose.yaml', [app])]))).toThrow(
      'a Map cannot be',
    )
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
    expect(make).toThrow(/validate-spec\.test\.ts:\d+:\d+: /)
  })

  it.each<[string, unknown, string]>([
    ['an address', { ports: ['999.1.1.1:80:80'] }, 'expected a port'],
    ['a protocol', { ports: ['80:80/xyz'] }, 'expected a port'],
    [
      'a port that is negative',
      { ports: [{ target: 80, published: -1 }] },
      'expected a port from 0',
    ],
    ['a port too high', { ports: [{ target: 80, published: 70_000 }] }, 'expected a port from 0'],
    ['a range backwards', { ports: [{ target: 80, published: '9-8' }] }, 'expected a port from 0'],
    ['a range of the container', { ports: [{ target: '80-90' }] }, 'expected a port'],
    ['the address of a port', { ports: [{ target: 80, host_ip: 'lo' }] }, 'expected an IP address'],
    ['a name of one letter', { container_name: 'a' }, 'a name of two or more letters'],
  ])('a rule checks the format of %s', (_, spec, words) => {
    const file = compose('compose.yaml', [web({ image, ...(spec as object) })])
    const { diagnostics } = synthesize(stack('s', [file]))
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ message }) => message).join()).toContain(words)
  })

  it.each<[string, () => unknown, string, string]>([
    [
      'a check',
      () => web({ healthcheck: { tset: 'true' } }),
      'healthcheck of service web: unknown key tset',
      'Did you mean `test`?',
    ],
    [
      'a limit',
      () => web({ deploy: { resources: { limits: { memroy: '1G' } } } }),
      'memroy',
      '`memory`',
    ],
    [
      'a port',
      () => web({ ports: [{ target: 80, hostIp: '::1' }] }),
      'ports[0] of service web: unknown key hostIp',
      '`host_ip`',
    ],
    [
      'a mount',
      () => web({ volumes: [{ type: 'bind', read_ony: true }] }),
      'volumes[0] of service web: unknown key read_ony',
      '`read_only`',
    ],
    [
      'a build',
      () => web({ build: { dockerFile: 'D' } }),
      'build of service web: unknown key dockerFile',
      '`dockerfile`',
    ],
    [
      'a log',
      () => web({ logging: { option: {} } }),
      'logging of service web: unknown key option',
      '`options`',
    ],
    [
      'an attachment',
      () => attach(network('a'), { alias: [] } as never),
      'attach(a): unknown key alias',
      '`aliases`',
    ],
    [
      'options of a mount',
      () => mount('./a', '/a', { readonly: true } as never),
      'mount: unknown key readonly',
      '`read_only`',
    ],
    [
      'a published port',
      () => publish(80, 80, { hostIp: '::1' } as never),
      'publish(…): unknown key hostIp',
      '`host_ip`',
    ],
    [
      'a dependency',
      () => healthy(web({ image }), { restrat: true } as never),
      'dependency on web: unknown key restrat',
      '`restart`',
    ],
    [
      'a network',
      () => network('a', { ipam: { confg: [] } } as never),
      'ipam of network a: unknown key confg',
      '`config`',
    ],
    [
      'a volume',
      () => volume('v', { driver_opts: 'x' } as never),
      'driver_opts of volume v: expected an object, got "x"',
      'object',
    ],
    [
      'a scalar',
      () => web({ cgroup_parent: ['x'] }),
      'cgroup_parent of service web: expected a string, got a list',
      'string',
    ],
    [
      'a default of a variable',
      () => web({ deploy: { update_config: { order: env('ORDER', 'last') } } }),
      'got "last" by default',
      'Set it to',
    ],
    [
      'a variable of the shell that is not set, in a list',
      () => web({ dns: ['1.1.1.1', process.env.NO_SUCH] }),
      'dns[1] of service web: expected a string, got undefined',
      'string',
    ],
  ])('a key within %s', (_, make, message, hint) => {
    expect(make).toThrow(message)
    expect(make).toThrow(hint)
    expect(make).toThrow(/validate-spec\.test\.ts:\d+:\d+: /)
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
    expect(make).toThrow(/validate-spec\.test\.ts:\d+:\d+: /)
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
