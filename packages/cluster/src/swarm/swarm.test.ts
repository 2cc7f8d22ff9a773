import { authority, compose, publish, service, swarm } from '@erlmcp/compose'
import { stack, synthesize } from '@erlmcp/core'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { highlyAvailable } from './highly-available.ts'
import { rollingUpdate } from './rolling-update.ts'
import { isSettled, summarize } from './service-outcome.ts'
import type { ServiceState } from './service-state.ts'
import { type SwarmClusterOptions, swarmCluster } from './swarm-cluster.ts'

const healthcheck = { test: ['CMD', 'true'], interval: '15s', timeout: '10s', retries: 3 } as const
const app = service('shop', { image: 'shop:1.0', user: '1000:1000', healthcheck })

function made(options: Partial<SwarmClusterOptions> = {}) {
  const nodes = swarmCluster('shop', { replicas: 3, service: app, ...options })
  const { artifacts, diagnostics, secrets } = synthesize(
    stack('shop', [nodes, swarm('docker-compose.swarm.yml', [nodes.service])]),
  )
  const { text } = artifacts.find(({ path }) => path === 'docker-compose.swarm.yml')!
  return { nodes, text, diagnostics, secrets }
}

describe('a cluster in a swarm', () => {
  test('is one service whose tasks are nodes of their own', () => {
    const { text, diagnostics } = made()
    expect(text).toContain("hostname: '{{.Task.Slot}}-{{.Task.ID}}.shop.internal'")
    expect(text).toContain('SHOP_NODE_NAME: shop@{{.Task.Slot}}-{{.Task.ID}}.shop.internal')
    expect(text).toContain('SHOP_DISCOVERY_DNS: tasks.nodes.shop.internal')
    expect(text).toContain('replicas: 3')
    expect(text).not.toContain('ports:')
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test('has one certificate for all hosts of its domain', () => {
    const { secrets } = made({ authority: authority('dist') })
    expect(secrets.map(({ recipe }) => recipe)).toContainEqual(
      expect.objectContaining({ kind: 'leaf', part: 'key', names: ['*.shop.internal'] }),
    )
  })

  test('is encrypted when asked, and whether it can be is a diagnostic', () => {
    const { text, diagnostics } = made({ encrypted: true })
    expect(text).toContain("encrypted: 'true'")
    expect(diagnostics.map(({ rule }) => rule)).toContain('compose/swarm-encryption-unproven')
    expect(made().diagnostics.map(({ rule }) => rule)).not.toContain(
      'compose/swarm-encryption-unproven',
    )
  })

  test.each<[string, Partial<SwarmClusterOptions>, RegExp]>([
    ['one replica', { replicas: 1 }, /1 replicas: expected/],
    ['a domain without room', { domain: `${'a'.repeat(30)}.internal` }, /at most 34 characters/],
    [
      'a published distribution',
      { service: service('shop', { image: 'shop:1.0', ports: [publish(9100, 9100)] }) },
      /publishes 9100/,
    ],
    [
      'a container name',
      { service: service('shop', { image: 'shop:1.0', container_name: 'shop' }) },
      /container_name/,
    ],
  ])('refuses %s', (_, options, words) => expect(() => made(options)).toThrow(words))
})

describe('a rolling update', () => {
  test('is watched for longer than the healthcheck needs', () => {
    const { update_config: update, rollback_config: back } = rollingUpdate({ healthcheck })
    expect(update).toMatchObject({
      monitor: '80s',
      order: 'start-first',
      max_failure_ratio: 0,
      failure_action: 'rollback',
    })
    expect(back).toMatchObject({ monitor: '80s', failure_action: 'pause' })
  })

  test('is refused when it is over before', () => {
    expect(() => rollingUpdate({ healthcheck, monitor: '30s' })).toThrow(/at least 75 s/)
  })

  test('agrees with the rule about it, whatever the healthcheck', () => {
    const seconds = fc.integer({ min: 1, max: 300 })
    fc.assert(
      fc.property(seconds, seconds, fc.integer({ min: 1, max: 9 }), (every, limit, retries) => {
        const check = {
          test: ['CMD', 'true'],
          interval: `${every}s`,
          timeout: `${limit}s`,
          retries,
        } as const
        const value = service('shop', {
          image: 'shop:1.0',
          healthcheck: check,
          deploy: rollingUpdate({ healthcheck: check }),
        })
        const { diagnostics } = synthesize(stack('shop', [swarm('s.yml', [value])]))
        expect(diagnostics.map(({ rule }) => rule)).not.toContain(
          'compose/update-monitor-too-short',
        )
      }),
      { numRuns: rounds(30) },
    )
  })
})

describe('high availability', () => {
  test('leaves room for a lost node and an update', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 50 }),
        fc.integer({ min: 2, max: 50 }),
        (nodes, replicas) => {
          const { placement } = highlyAvailable({ nodes, replicas })
          const room = Number(placement.max_replicas_per_node) * (nodes - 1)
          expect(room).toBeGreaterThan(replicas)
        },
      ),
    )
  })

  test.each([{ nodes: 1 }, { nodes: 3, replicas: 1 }])('is not had with %j', (options) => {
    expect(() => highlyAvailable(options)).toThrow(/not highly available/)
  })
})

describe('what became of a service', () => {
  const state = (more: Partial<ServiceState>): ServiceState => ({
    ...{ name: 's', image: 'i', running: 3, wanted: 3, outdated: 0, failures: [] },
    canRollBack: false,
    ...more,
  })
  test.each<[string, Partial<ServiceState>, boolean | undefined, boolean | undefined]>([
    ['runs', {}, true, true],
    ['starts', { running: 2 }, undefined, undefined],
    ['still has tasks as before', { outdated: 1 }, undefined, undefined],
    ['is watched', { update: 'updating' }, undefined, undefined],
    ['was updated', { update: 'completed' }, true, true],
    ['stopped half-way', { update: 'paused' }, false, false],
    ['goes back', { update: 'rollback_started' }, undefined, undefined],
    ['went back', { update: 'rollback_completed' }, false, true],
    ['stopped on its way back', { update: 'rollback_paused' }, false, false],
  ])('%s', (_, more, updated, rolledBack) => {
    expect(isSettled(state(more))).toBe(updated)
    expect(isSettled(state(more), true)).toBe(rolledBack)
    expect(summarize(state(more))).toMatch(/^\d of 3 run/)
  })
})

test('a cluster of compose is not one of a swarm', () => {
  expect(compose('compose.yaml', [app])).not.toHaveProperty('kind', 'swarm-cluster')
})
