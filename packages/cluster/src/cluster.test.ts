import { attach, authority, compose, network, publish, secret, service } from '@erlmcp/compose'
import { stack, synthesize } from '@erlmcp/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClusterOptions, cluster, isCluster } from './cluster.ts'

const image = { image: 'shop:1.0' } as const
const app = service('shop', { ...image, user: '1000:1000', healthcheck: { test: ['CMD', 'true'] } })

function made(options: Partial<ClusterOptions> = {}) {
  const nodes = cluster('shop', { size: 3, service: app, ...options })
  const sources = [nodes, compose('docker-compose.cluster.yml', [...nodes.services])]
  const { artifacts, diagnostics, secrets } = synthesize(stack('shop', sources))
  const { text } = artifacts.find(({ path }) => path === 'docker-compose.cluster.yml')!
  return { nodes, text, diagnostics, secrets }
}

test('three nodes have names, certificates and peers of their own', () => {
  const { nodes, text, diagnostics } = made()
  expect(nodes.nodes.map(({ name }) => name)).toEqual([
    'shop@shop-node1.shop.internal',
    'shop@shop-node2.shop.internal',
    'shop@shop-node3.shop.internal',
  ])
  const second = text.slice(text.indexOf('  shop-node2:'), text.indexOf('  shop-node3:'))
  expect(second).toContain('hostname: shop-node2.shop.internal')
  expect(second).toContain('SHOP_NODE_NAME: shop@shop-node2.shop.internal')
  expect(second).toContain(`SHOP_PEERS: ${nodes.nodes.map(({ name }) => name).join(',')}`)
  expect(second).toMatch(/source: shop-node2-key\n\s+target: dist-key/)
  expect(second).toMatch(/shop-cluster:\n\s+aliases:\n\s+- shop-node2\.shop\.internal/)
  expect(text).not.toContain('ports:')
  expect(text).toMatch(/shop-cluster:\n {4}internal: true/)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
})

test('each certificate is for one node, both sides, and of the one authority', () => {
  const { secrets } = made()
  const leafs = secrets.map(({ recipe }) => recipe).filter(({ kind }) => kind === 'leaf')
  expect(leafs).toHaveLength(6)
  expect(leafs).toContainEqual({
    kind: 'leaf',
    part: 'key',
    authority: 'dist-ca',
    name: 'shop-node3',
    names: ['shop-node3.shop.internal'],
    usages: ['server', 'client'],
  })
  expect(secrets.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['secrets/dist-ca', 'secrets/dist-ca.key', 'secrets/erlang-cookie']),
  )
})

test('a service that was a node alone keeps its other secrets, networks and variables', () => {
  const dist = authority('dist')
  const isolatedContext = dist.issue('dist', { names: ['shop.internal'] })
  const edge = network('edge')
  const { text } = made({
    authority: dist,
    service: service('shop', {
      ...image,
      environment: ['LEVEL=info'],
      networks: [edge],
      secrets: [
        secret('erlang-cookie'),
        secret('session-key'),
        dist.certificate,
        attach(isolatedContext.certificate, { target: 'dist-cert' }),
        isolatedContext.key,
      ],
    }),
  })
  expect(text).toContain('- session-key')
  expect(text).toContain('- LEVEL=info')
  expect(text).toContain('- SHOP_CLUSTER_SIZE=3')
  expect(text).toContain('edge: {}')
  expect(text.match(/target: dist-cert/g)).toHaveLength(3)
  expect(text).not.toMatch(/secrets\/dist-(cert|key)/)
})

test('one node has what the others have not', () => {
  const { text } = made({
    each: ({ index }) => (index === 1 ? { ports: [publish(8080, 8080)] } : {}),
  })
  expect(text.match(/published: /g)).toHaveLength(1)
})

test('a cluster is an immutable value', () => {
  const { nodes } = made()
  expect(isCluster(nodes)).toBe(true)
  expect(isCluster(compose('compose.yaml', [app]))).toBe(false)
  for (const part of [nodes, nodes.nodes, nodes.nodes[0], nodes.services]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
})

describe('rejects, with a hint,', () => {
  test.each<[string, Partial<ClusterOptions>, RegExp]>([
    ['one node', { size: 1 }, /1 nodes: expected/],
    ['half a node', { size: 2.5 }, /from 2 to 99/],
    ['an invalid release', { release: 'Shop' }, /release: 'erlmcp'/],
    ['a domain with spaces', { domain: 'a b' }, /"a b" is not a domain/],
    [
      'ports that all would publish',
      { service: service('shop', { ...image, ports: [publish(80, 8080)] }) },
      /has ports, which its nodes cannot share/,
    ],
    [
      'one container name',
      { service: service('shop', { ...image, container_name: 'shop' }) },
      /has container_name/,
    ],
    [
      'a published distribution',
      { each: () => ({ ports: [publish(9100, 9100)] }) },
      /publishes 9100, the port of Erlang's distribution/,
    ],
    [
      'a published distribution, in short form',
      { each: () => ({ ports: ['127.0.0.1:9100:9100/tcp'] }) },
      /publishes 9100/,
    ],
  ])('%s', (_, options, words) => {
    expect(() => made(options)).toThrow(words)
  })
})

test('whatever a cluster is called, it is made with names that can be, or refused in words', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ max: 12 }), (name, domain, size) => {
      try {
        for (const node of cluster(name, { size, service: app, domain, release: 'shop' }).nodes) {
          expect(node.name).toMatch(/^shop@[a-z0-9][a-z0-9.-]+$/)
        }
      } catch (error) {
        expect(error).toMatchObject({ message: expect.any(String), hint: expect.any(String) })
      }
    }),
  )
})
