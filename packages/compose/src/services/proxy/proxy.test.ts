import { stack, synthesize } from '@erlmcp/core'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { authority, compose, network, type ServiceValue, service } from '../../index.ts'
import { haproxy, type RouteOptions, route, traefik } from '../index.ts'

const edge = network('edge')
const networks = [edge]
const old = service('shop-1', { image: 'shop:1.0', networks })
const next = service('shop-2', { image: 'shop:1.1', networks })
const to = [
  { service: old, weight: 90 },
  { service: next, weight: 10 },
]
const shop = (more: Partial<RouteOptions> = {}) => route('shop', { to, port: 8080, ...more })
const both = [
  ['traefik', traefik],
  ['haproxy', haproxy],
] as const

function made(...services: ServiceValue[]) {
  const { artifacts, diagnostics } = synthesize(stack('shop', [compose('compose.yaml', services)]))
  const text = (path: string) => artifacts.find((one) => one.path === path)?.text ?? ''
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return { text, errors, yaml: (path: string) => parse(text(path)) }
}

describe.each(both)('%s', (name, proxy) => {
  it('is hardened, closed, and clean under the rules', () => {
    const { yaml, errors } = made(proxy(name, { route: shop(), networks, publish: 80 }), old, next)
    expect(errors).toEqual([])
    const own = yaml('compose.yaml').services[name]
    expect(own).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
    expect(own.user).toMatch(/^(65532:65532|99:99)$/)
    expect(own.ports).toEqual([{ host_ip: '127.0.0.1', target: 8080, published: 80 }])
    expect(own.volumes).toBeUndefined()
    expect(JSON.stringify(own)).not.toContain('docker.sock')
  })

  it('mounts the folder of weights, read only, and makes none', () => {
    const { yaml } = made(proxy(name, { route: shop({ live: './traffic/shop' }), networks }), old)
    const { ports, volumes } = yaml('compose.yaml').services[name]
    expect(ports).toBeUndefined()
    expect(volumes).toMatchObject([
      {
        type: 'bind',
        source: './traffic/shop',
        read_only: true,
        bind: { create_host_path: false },
      },
    ])
  })

  it('speaks HTTPS with a certificate', () => {
    const tls = authority('tls').issue('web', { names: ['shop.example'] })
    const value = proxy(name, { route: shop(), networks, tls, publish: 443 })
    const { yaml, text, errors } = made(value, old, next)
    expect(errors).toEqual([])
    expect(value.port).toBe(8443)
    expect(yaml('compose.yaml').services[name]).toMatchObject({
      ports: [{ target: 8443 }],
      secrets: ['web-cert', 'web-key'],
    })
    const files = text('docker/shop/routes.yml') + text('docker/shop/haproxy.cfg')
    expect(files).toContain('/run/secrets/web-cert')
  })

  it('refuses a command, and a server that it cannot reach', () => {
    expect(() => proxy(name, { route: shop(), networks, extras: { command: [] } })).toThrow(
      `extras.command would start ${name} without its configuration`,
    )
    expect(() => proxy(name, { route: shop() })).toThrow(
      `${name} does not share a network with shop-1`,
    )
  })

  it('reads the weights that it printed, and no other file', () => {
    const { live } = proxy(name, { route: shop(), networks })
    const weight = fc.integer({ min: 0, max: 100 })
    fc.assert(
      fc.property(weight, weight, (one, other) => {
        const weights = { 'shop-1': one, 'shop-2': other }
        expect(live.read(live.print(weights))).toEqual(one + other > 0 ? weights : undefined)
      }),
    )
    const others = { 'shop-1': 1, 'shop-3': 1 }
    expect(live.read('')).toBeUndefined()
    expect(live.read(live.print({ 'shop-1': 101, 'shop-2': 0 }))).toBeUndefined()
    if (name === 'traefik') expect(live.read(live.print(others))).toBeUndefined()
  })
})

test('names of services that YAML would take for something else are names', () => {
  const odd = ['on', '12', '1e3', 'null', '0x1F', '1.5', '~x'.slice(1), '-a', '.b']
  for (const name of odd) {
    const first = service(name, { image: 'shop:1.0' })
    const way = route('shop', { to: [{ service: first, weight: 7 }], port: 80 })
    for (const proxy of [traefik('p', { route: way }), haproxy('p', { route: way })]) {
      expect(proxy.live.read(proxy.live.print({ [name]: 7 }))).toEqual({ [name]: 7 })
    }
    expect(parse(traefik('p', { route: way }).live.print({ [name]: 7 }))).toMatchObject({
      http: { services: { 'weights:live': { weighted: { services: [{ name, weight: 7 }] } } } },
    })
  }
})

describe('traefik', () => {
  it('serves its dashboard only on the given port', () => {
    const files = (more: object) =>
      made(traefik('traefik', { route: shop(), networks, ...more }), old)
    const closed = files({}).yaml('docker/shop/traefik.yml')
    expect(closed).toMatchObject({
      api: { dashboard: false },
      entryPoints: { admin: { address: '127.0.0.1:8099' } },
    })
    const open = files({ dashboard: 8099 })
    expect(open.yaml('docker/shop/traefik.yml').api).toEqual({ dashboard: true })
    expect(open.yaml('compose.yaml').services.traefik.ports).toEqual([
      { host_ip: '127.0.0.1', target: 8099, published: 8099 },
    ])
  })

  it('reads from its API what is in force', () => {
    const { control } = traefik('traefik', { route: shop(), networks })
    const server = (name: string, status: string) => ({
      name: `${name}@file`,
      status: 'enabled',
      serverStatus: { [`http://${name}:8080`]: status },
    })
    const weights = (name: string, one: number, other: number, used = true) => ({
      name: `weights:${name}@file`,
      status: 'enabled',
      ...(used && { usedBy: [`${name}@file`] }),
      weighted: {
        services: [
          { name: 'shop-1', weight: one },
          { name: 'shop-2', weight: other },
        ],
      },
    })
    const common = [server('shop-1', 'UP'), server('shop-2', 'DOWN'), weights('initial', 90, 10)]
    const states = (...more: object[]) => control.states(JSON.stringify([...common, ...more]))
    expect(states()).toEqual([
      { server: 'shop-1', weight: 90, up: true },
      { server: 'shop-2', weight: 10, up: false },
    ])
    expect(states(weights('live', 0, 100)).map(({ weight }) => weight)).toEqual([0, 100])
    // One that no router uses is not in force.
    expect(states(weights('live', 0, 100, false)).map(({ weight }) => weight)).toEqual([90, 10])
  })
})

describe('haproxy', () => {
  it('reads from its statistics what is in force', () => {
    const { control } = haproxy('haproxy', { route: shop(), networks })
    const rows = [
      'route,shop-1,3,UP 2/3,90,',
      'route,shop-2,0,MAINT (resolution),10,',
      'web,x,1,UP,1,',
    ]
    expect(control.states(`# pxname,svname,scur,status,weight,\n${rows.join('\n')}\n\n`)).toEqual([
      { server: 'shop-1', weight: 90, up: true, requests: 3 },
      { server: 'shop-2', weight: 10, up: false, requests: 0 },
    ])
  })

  it('raises a weight before it reduces one', () => {
    const { control } = haproxy('haproxy', { route: shop(), networks })
    expect(control.take({ 'shop-1': 0, 'shop-2': 100 })).toMatchObject({
      input: 'set server route/shop-2 weight 100; set server route/shop-1 weight 0\n',
    })
  })

  it('refuses an image of Alpine, which has no bash', () => {
    expect(() =>
      haproxy('haproxy', { route: shop(), networks, image: 'haproxy:3.0-alpine' }),
    ).toThrow('the image of haproxy is based on Alpine')
  })
})

describe('route', () => {
  it.each<[string, Partial<RouteOptions>, string]>([
    ['a weight above 100', { to: [{ service: old, weight: 101 }] }, 'the weight 101 of shop-1'],
    ['a part of a weight', { to: [{ service: old, weight: 0.5 }] }, 'the weight 0.5 of shop-1'],
    ['no server', { to: [] }, 'the route shop has no server with a weight'],
    [
      'weights of nothing',
      { to: [{ service: old, weight: 0 }] },
      'the route shop has no server with a weight',
    ],
    ['a server twice', { to: [...to, ...to] }, 'lists shop-1 twice'],
    ['no port', { port: 0 }, 'has the invalid port 0'],
    ['no port of readiness', { ready: { path: '/', port: 1e5 } }, 'has the invalid port 100000'],
    [
      'an invalid path',
      { ready: { path: 'ready', port: 80 } },
      'the invalid readiness path "ready"',
    ],
    ['a template', { ready: { path: '/{{ env `HOME` }}', port: 80 } }, 'invalid readiness path'],
    [
      'a second header',
      { ready: { path: '/ HTTP/1.1\r\nx: y', port: 80 } },
      'invalid readiness path',
    ],
  ])('refuses %s', (_, more, message) => {
    expect(() => shop(more)).toThrow(message)
  })
})
