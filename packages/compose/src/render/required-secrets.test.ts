import { type BuiltImage, stack, synthesize, textFile } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { attach, compose, mount, secret, service, swarm } from '../index.ts'

const build: BuiltImage = {
  image: 'shop:1.0',
  build: { context: '.', dockerfile: 'Dockerfile', target: 'runtime' },
  user: '1000:1000',
  writable: [],
  requiredSecrets: ['erlang-cookie', 'dist-cert'],
}
const made = (spec: object, file = compose) =>
  synthesize(stack('shop', [file('compose.yaml', [service('app', { build, ...spec })])]))
const cert = attach(secret('app-cert'), { target: 'dist-cert' })

describe('an image that needs secrets to start', () => {
  test.each<[string, object, string]>([
    ['none of them', {}, 'lacks the secrets erlang-cookie, dist-cert'],
    ['one of them', { secrets: [secret('erlang-cookie')] }, 'lacks the secret dist-cert'],
    [
      'another of that target',
      { secrets: [attach(secret('dist-cert'), { target: 'x' })] },
      'dist-cert',
    ],
  ])('is refused at synth with %s, and both dialects', (_, spec, words) => {
    expect(() => made(spec)).toThrow(words)
    expect(() => made(spec, swarm)).toThrow(words)
  })

  test.each<[string, object]>([
    ['as secrets', { secrets: [secret('erlang-cookie'), cert] }],
    ['as a mounted folder', { volumes: [mount('./own', '/run/secrets')] }],
    [
      'as mounted files',
      {
        secrets: [secret('erlang-cookie')],
        volumes: [mount(textFile('cert', 'x'), '/run/secrets/dist-cert', { read_only: true })],
      },
    ],
    ['the cookie elsewhere', { secrets: [cert], environment: { SHOP_COOKIE_FILE: '/etc/cookie' } }],
    ['and another program starts', { entrypoint: ['sh'] }],
  ])('is taken when they come %s', (_, spec) => {
    expect(() => made(spec)).not.toThrow()
  })
})

test.each([
  [['bash'], 'SIGHUP'],
  ['/bin/sh', 'SIGHUP'],
  [['erl'], 'SIGHUP'],
  [['sh', '-c', 'exec app'], undefined],
  [['app'], undefined],
])('%j at a terminal is stopped by %s, as it ignores SIGTERM', (command, signal) => {
  const at = { image: 'shop:1.0', command, tty: true, stdin_open: true } as const
  const { artifacts } = synthesize(stack('shop', [compose('compose.yaml', [service('app', at)])]))
  const [, actual] = /stop_signal: (\w+)/.exec(artifacts[0]!.text) ?? []
  expect(actual).toBe(signal)
})
