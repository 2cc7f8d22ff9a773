import { type BuiltImage, stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { compose, mount, service, swarm, volume } from '../index.ts'

const build: BuiltImage = {
  image: 'shop:1.0',
  build: { context: '.', dockerfile: 'Dockerfile', target: 'runtime' },
  user: '1000:1000',
  writable: ['/tmp', '/var/lib/shop', '/var/log/shop'],
  state: '/var/lib/shop',
  emulator: { base: 25, perCpu: 2 },
}
const made = (spec: object, file = compose) =>
  synthesize(stack('shop', [file('compose.yaml', [service('app', { build, ...spec })])]))
const limits = (more: object) => ({ deploy: { resources: { limits: more } } })

describe('an emulator with more threads than its container may have', () => {
  test.each<[string, object, string]>([
    ['pids', limits({ pids: 20 }), 'may have 20 processes and threads'],
    ['pids_limit', { pids_limit: 26 }, 'needs 27'],
    ['many processors', limits({ pids: 50, cpus: '16' }), 'needs 57'],
    ['more than the default allows', limits({ cpus: '256' }), 'may have 512'],
  ])('is refused at synth: %s', (_, spec, words) => {
    expect(() => made(spec)).toThrow(words)
    expect(() => made(spec, swarm)).toThrow(words)
    expect(() => made(spec)).toThrow(/emulator-limits\.test\.ts:\d+/)
  })

  test.each<[string, object]>([
    ['by default', {}],
    ['with exactly enough', limits({ pids: 27 })],
    ['without a limit', limits({ pids: -1 })],
    ['when another program starts', { entrypoint: ['sh'], pids_limit: 10 }],
  ])('is taken %s', (_, spec) => {
    expect(() => made(spec)).not.toThrow()
  })
})

describe('/var/lib of an image that keeps state', () => {
  const messages = (spec: object) =>
    made(spec)
      .diagnostics.filter(({ rule }) => rule === 'compose/state-in-memory')
      .map(({ message, hint }) => `${message}. ${hint}`)

  test('is in memory by default, and a diagnostic shows both alternatives', () => {
    const [line, ...more] = messages({})
    expect(more).toEqual([])
    expect(line).toContain('app keeps /var/lib/shop in memory')
    expect(line).toContain("volumes: [mount(volume('app-data'), '/var/lib/shop')]")
    expect(line).toContain(
      "tmpfs: ['/tmp:size=64m,mode=1777', '/var/lib/shop:size=64m,mode=0700,uid=1000,gid=1000', ",
    )
  })

  test('is not reported where the author decided', () => {
    expect(messages({ volumes: [mount(volume('app-data'), '/var/lib/shop')] })).toEqual([])
    expect(messages({ tmpfs: ['/tmp:size=64m,mode=1777', '/var/lib/shop:size=64m'] })).toEqual([])
    expect(messages({ read_only: false })).toEqual([])
    expect(messages({ build: { context: '.' } })).toEqual([])
  })
})
