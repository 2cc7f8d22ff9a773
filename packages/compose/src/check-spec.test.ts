import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { change, compose, interpolate, network, secret, service, use, volume } from './index.ts'

// A stack.ts runs without being type-checked: what the compiler would refuse is refused here too.
const web = (spec: unknown) => service('web', spec as Parameters<typeof service>[1])
const image = 'nginx:1.29'

describe('what no compose file can say is refused where it was written', () => {
  it.each<[string, unknown, string]>([
    ['no options', undefined, 'service web is undefined, not an object'],
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
      { image, secrets: [use(network('a'), {})] },
      "Write secrets: [secret('",
    ],
    [
      'a map of dependencies',
      { image, depends_on: { db: {} } },
      'depends_on of service web is an object with db',
    ],
    ['a dependency by name', { image, depends_on: ['db'] }, 'Write depends_on: [healthy(db)].'],
    ['one port', { image, ports: '80:80' }, 'ports of service web is "80:80", not a list'],
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
    ['a named volume as text', { image, volumes: ['data:/data'] }, 'mount(volume("data"), …)'],
    [
      'a flag of a mount that is none',
      { image, volumes: ['./a:/b:rox'] },
      '"rox" is no flag of a mount',
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
    ['a NUL byte in a command', { image, command: ['a\0'] }, 'no text that a program can receive'],
    ['a number in a command', { image, command: ['a', 1] }, 'command of service web has 1'],
  ])('%s', (_, spec, words) => {
    expect(() => web(spec)).toThrow(words)
    expect(() => web(spec)).toThrow(/check-spec\.test\.ts:\d+:\d+: /)
  })

  it('also in a change, and in what a service uses', () => {
    expect(() => change(web({ image }), { imagee: 1 } as never)).toThrow('Did you mean `image`?')
    expect(() => network('a', { internall: true } as never)).toThrow('Did you mean `internal`?')
    expect(() => volume('a', { drivers: 'x' } as never)).toThrow('Did you mean `driver`?')
    expect(() => secret('.gitignore')).toThrow('would be in the file ./secrets/.gitignore')
    expect(() => service('__proto__', { image })).toThrow('cannot name a service')
    expect(() => interpolate`redis:${undefined as never}`).toThrow(
      'interpolate was given undefined',
    )
  })

  it('data that contains itself, with the name of the file', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const file = compose('compose.yaml', [service('web', { image, 'x-own': cycle })])
    expect(() => synthesize(stack('s', [file]))).toThrow('contains itself')
  })
})

describe('what a person passes in stays theirs', () => {
  it('is neither frozen nor remembered', () => {
    const spec = { image: 'nginx:1.29' as const, init: true }
    const one = service('one', spec)
    spec.init = false
    expect(one.spec.init).toBe(true)
    const how = { aliases: ['a'], priority: 1 }
    use(network('edge'), how)
    how.priority = 2
    const said = { internal: true }
    network('backend', said)
    said.internal = false
  })
})
