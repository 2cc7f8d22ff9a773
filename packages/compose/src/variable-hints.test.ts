import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import * as api from './index.ts'

const { compose, config, env, interpolate, mount, network, publish, secret, service, volume } = api

const found = (spec: object) => {
  const app = service('app', { image: 'app:1.0', ...spec } as api.ServiceSpec)
  const { diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [app])]))
  return diagnostics.filter(({ severity }) => severity === 'error')
}
/** The messages of the diagnostics, or of the error. */
const messages = (spec: object | (() => object)) => {
  try {
    return found(typeof spec === 'function' ? spec() : spec)
      .map(({ message, hint }) => `${message} ${hint}`)
      .join('\n')
  } catch (error) {
    return (error as Error).message
  }
}
const run = (code: string): unknown =>
  new Function(...Object.keys(api), `return (${code})`)(...Object.values(api))

describe('the code of a hint is accepted', () => {
  test.each<[string, string, (value: never) => object]>([
    ['a mount', '${DATA}:/data', (value) => ({ volumes: [value] })],
    ['a port', '${PORT}:80', (value) => ({ ports: [value] })],
    ['an image', '${IMAGE}:1', (value) => ({ image: value })],
    ['a tag', 'redis:${TAG}', (value) => ({ image: value })],
    ['a name', '${NAME}', (value) => ({ container_name: value })],
    ['a size', '${MEM}', (value) => ({ mem_limit: value })],
    ['a duration', '$GRACE', (value) => ({ stop_grace_period: value })],
    ['a number', '${CPUS}', (value) => ({ cpus: value })],
  ])('%s', (_, text, spec) => {
    const code = /`` (.+?) ``|write `([^`]+)`/.exec(messages(spec(text as never)))
    expect(code?.[1] ?? code?.[2]).toMatch(/required\(|env\('PORT'\)/)
    expect(found(spec(run((code?.[1] ?? code?.[2])!) as never))).toEqual([])
  })

  test('and one without a default says so', () => {
    expect(messages({ volumes: [interpolate`${env('DATA')}:/data`] })).toContain(
      "Give DATA a default, or write required('DATA', 'set DATA')",
    )
  })
})

describe('a variable without braces', () => {
  const device = (text: string) => ({
    volumes: [mount(volume('v', { driver_opts: { device: text } }), '/data')],
  })
  test.each<[string, object, string]>([
    ['a device', device('$PWD/data'), '$PWD'],
    ['an option', { networks: [network('n', { driver_opts: { parent: '$NIC' } })] }, '$NIC'],
    ['a label', { networks: [network('n', { labels: { zone: '$ZONE' } })] }, '$ZONE'],
    ['a size', { storage_opt: { size: '$SIZE' } }, '$SIZE'],
  ])('%s', (_, spec, name) => {
    expect(messages(spec)).toContain(`has ${name} as text`)
  })

  test.each(['username=a,password=$ecret', 'password=$ecret,vers=3', 'a$b'])('%s is text', (o) => {
    const options = { type: 'cifs', o, secret: '$ecret' }
    expect(messages({ volumes: [mount(volume('v', { driver_opts: options }), '/data')] })).toBe('')
  })
})

describe('a secret from the environment takes the name of its variable', () => {
  test.each(['$TOKEN', '${TOKEN}', '${TOKEN:-x}'])('%s', (environment) => {
    for (const spec of [
      { user: '1:1', read_only: false, secrets: [secret('s', { environment })] },
      { configs: [config('c', { environment })] },
    ]) {
      expect(found(spec)).toMatchObject([
        { rule: 'compose/value-format', hint: expect.stringContaining("environment: 'TOKEN'") },
      ])
    }
  })

  test.each(['A B', 'A=B', '1A'])('%s is not a name', (environment) => {
    expect(messages({ configs: [config('c', { environment })] })).toContain(
      'expected the name of a variable',
    )
  })

  test.each(['TOKEN', 'my-token', 'a.b', env('WHICH', 'TOKEN')])('%j is one', (environment) => {
    expect(messages({ configs: [config('c', { environment })] })).toBe('')
  })
})

describe('a fault is reported once, in the language of the author', () => {
  test('one size', () => {
    expect(found({ mem_limit: '${MEM}' })).toMatchObject([
      { path: ['services', 'app', 'mem_limit'] },
    ])
  })

  test('where a variable is invalid', () => {
    expect(messages({ blkio_config: { weight: '${W}' } })).toContain('got "${W}"')
  })

  test('in the default of a variable', () => {
    expect(messages({ hostname: env('A', '$Y') })).toMatch(
      /has \$Y as text in the default of A, .*env\('A', env\('Y'\)\)/,
    )
    expect(() => found({ hostname: env('A', '${Y}') })).toThrow("env('A', env('Y'))")
  })

  test.each([
    [() => publish(Number.NaN, 80), 'NaN'],
    [() => publish(env('P', 70_000), 80), '70000'],
    [() => publish(80, 70_000), '70000'],
    [() => publish(undefined as never, 80), 'missing key published'],
  ])('the number of a port: %s', (port, words) => {
    expect(messages(() => ({ ports: [port()] }))).toContain(words)
  })

  test('a promise', () => {
    const promise = Promise.resolve({}) as never
    expect(() => service('app', promise)).toThrow(/promise.*\n?.*await/)
    expect(() => compose('compose.yaml', [promise])).toThrow(/promise/)
  })

  test('a name', () => {
    expect(messages({ container_name: 'a b' })).toContain('container_name of app: expected')
  })
})
