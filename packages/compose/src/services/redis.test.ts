import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { parse } from 'yaml'
import { compose, type ServiceValue } from '../index.ts'
import { redis } from './index.ts'

const made = (value: ServiceValue) => {
  const { artifacts, diagnostics, secrets } = synthesize(
    stack('shop', [compose('compose.yaml', [value])]),
  )
  const text = artifacts.find(({ path }) => path === 'compose.yaml')?.text ?? ''
  return { secrets, diagnostics, text, node: parse(text).services[value.name] }
}
/** The settings that redis-server gets, from the words after the script. */
const settings = (value: ServiceValue): Record<string, string> => {
  const words: string[] = made(value).node.command.slice(4)
  const pairs = words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1]]] : []))
  return Object.fromEntries(pairs)
}

describe('redis', () => {
  it('is a whole service with its secret and volume', () => {
    const { text, secrets, diagnostics } = made(redis('redis'))
    expect(diagnostics.filter(({ severity }) => severity !== 'note')).toEqual([])
    expect(text).toMatchSnapshot()
    expect(secrets).toMatchObject([{ path: 'secrets/redis-password', readers: [999] }])
  })

  it('loses nothing unless asked: it logs writes and evicts no key', () => {
    expect(settings(redis('redis'))).toEqual({
      '--maxmemory': String(256 * 1024 ** 2),
      '--maxmemory-policy': 'noeviction',
      '--appendonly': 'yes',
      '--protected-mode': 'yes',
    })
    expect(settings(redis('cache', { policy: 'allkeys-lru', appendonly: false }))).toMatchObject({
      '--maxmemory-policy': 'allkeys-lru',
      '--appendonly': 'no',
    })
  })

  it.each([
    ['128M', 128 * 1024 ** 2],
    ['1gb', 1024 ** 3],
    ['1.5g', 1.5 * 1024 ** 3],
    ['512kb', 512 * 1024],
    ['100b', 100],
    [1_000_000, 1_000_000],
  ] as const)('gives %s as bytes, because the units of Redis are others', (maxMemory, bytes) => {
    expect(settings(redis('redis', { maxMemory }))['--maxmemory']).toBe(String(bytes))
  })

  it('rejects an invalid amount of memory', () => {
    expect(() => redis('redis', { maxMemory: 0 })).toThrow('expected a size, got 0')
    expect(() => redis('redis', { maxMemory: '-1M' })).toThrow('expected a size')
    expect(() => redis('redis', { maxMemory: '1e3M' })).toThrow('expected a size')
  })

  it('takes other settings, but none that lets anybody past the password', () => {
    expect(settings(redis('redis', { settings: { save: '900 1', databases: 2 } }))).toMatchObject({
      '--save': '900 1',
      '--databases': '2',
    })
    for (const name of ['requirepass', 'user', 'ACLFILE', 'include', 'a b', '-x', '']) {
      expect(() => redis('redis', { settings: { [name]: 'x' } })).toThrow('unsupported setting')
    }
    const command = ['redis-server', '--save', '']
    expect(() => redis('redis', { extras: { command } })).toThrow('without its password')
  })

  it('publishes no port unless asked, and then on loopback', () => {
    expect(made(redis('redis')).node.ports).toBeUndefined()
    expect(made(redis('redis', { publish: 16379 })).node.ports).toMatchObject([
      { host_ip: '127.0.0.1', target: 6379 },
    ])
  })

  it('runs as the user of an Alpine image', () => {
    expect(made(redis('redis', { image: 'redis:8-alpine' })).node.user).toBe('999:1000')
  })

  it('does not take an image without a tag', () => {
    // @ts-expect-error: no tag means latest
    redis('redis', { image: 'redis' })
    expectTypeOf(redis('redis')).toExtend<ServiceValue>()
  })
})
