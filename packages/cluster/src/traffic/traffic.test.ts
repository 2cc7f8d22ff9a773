import { compose, network, override, publish, service } from '@erlmcp/compose'
import { haproxy } from '@erlmcp/compose/services'
import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { blueGreen, canary, isTraffic, type Traffic } from './traffic.ts'

const app = service('shop', {
  image: 'shop:1.0',
  hostname: 'shop.example',
  user: '1000:1000',
  healthcheck: { test: ['CMD', 'true'] },
  networks: [network('edge'), network('backend', { internal: true })],
})
const colours = { service: app, blue: {}, green: { image: 'shop:1.1' }, port: 8080 } as const
const shares = { service: app, stable: {}, canary: { image: 'shop:1.1' }, port: 8080 } as const

function made(traffic: Traffic) {
  const { artifacts, diagnostics } = synthesize(
    stack('shop', [traffic, compose('compose.yaml', [...traffic.services])]),
  )
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return { text: (path: string) => artifacts.find((one) => one.path === path)?.text, errors }
}

describe('blue-green', () => {
  test('has two colours with names, images and host names of their own', () => {
    const traffic = blueGreen('shop', colours)
    expect(traffic.versions.map((one) => [one.name, one.service.name])).toEqual([
      ['blue', 'shop-blue'],
      ['green', 'shop-green'],
    ])
    expect(traffic.versions.map(({ service: { spec } }) => [spec.image, spec.hostname])).toEqual([
      ['shop:1.0', 'shop-blue.shop.internal'],
      ['shop:1.1', 'shop-green.shop.internal'],
    ])
    expect(made(traffic).errors).toEqual([])
  })

  test('gives all requests to blue, or to the colour of its option', () => {
    const weights = ({ proxy }: Traffic) => proxy.route.to.map(({ weight }) => weight)
    expect(weights(blueGreen('shop', colours))).toEqual([100, 0])
    expect(weights(blueGreen('shop', { ...colours, live: 'green' }))).toEqual([0, 100])
  })

  test('is behind Traefik, which is outside the internal networks, unless an option names another proxy', () => {
    const { proxy } = blueGreen('shop', colours)
    expect([proxy.proxy, proxy.name]).toEqual(['traefik', 'traefik'])
    expect(proxy.spec.networks?.map((one) => ('name' in one ? one.name : one))).toEqual(['edge'])
    const other = blueGreen('shop', {
      ...colours,
      proxy: (route) => haproxy('lb', { route, networks: [network('edge')] }),
    })
    expect(other.services.map(({ name }) => name)).toEqual(['lb', 'shop-blue', 'shop-green'])
    expect(other.live).toBe('traffic/shop-bluegreen/live.cfg')
  })

  test('keeps the file in force out of the stack, and the repository', () => {
    const { text } = made(blueGreen('shop', colours))
    expect(text('traffic/shop-bluegreen/.gitignore')).toMatch(/^\*\n!\.gitignore\n$/m)
    expect(text('traffic/shop-bluegreen/live.yml')).toBeUndefined()
    expect(text('compose.yaml')).toContain('source: ./traffic/shop-bluegreen')
  })

  test('refuses what two containers cannot share', () => {
    const published = override(app, { ports: [publish(8080, 8080)] })
    expect(() => blueGreen('shop', { ...colours, service: published })).toThrow(
      'the service of shop-bluegreen has ports, which its versions cannot share',
    )
  })
})

describe('canary', () => {
  test('has a share of the requests', () => {
    const traffic = canary('shop', { ...shares, weight: 25 })
    expect(traffic.proxy.route.to.map((one) => [one.service.name, one.weight])).toEqual([
      ['shop-stable', 75],
      ['shop-canary', 25],
    ])
    expect(made(traffic).errors).toEqual([])
    expect(isTraffic(traffic)).toBe(true)
  })

  test.each([
    [-1, 'in the route shop-canary is invalid'],
    [101, 'in the route shop-canary is invalid'],
    [12.5, 'in the route shop-canary is invalid'],
    [Number.NaN, 'weight of canary shop: expected a number, got NaN'],
  ])('refuses a share of %d', (weight, message) => {
    expect(() => canary('shop', { ...shares, weight })).toThrow(message)
  })
})
