import { stack, synthesize, textFile } from '@erlmcp/core'
import { describe, expect, it, test } from 'vitest'
import { config, mount, network, type ServiceSpec, service, swarm } from '../index.ts'

const found = (spec: object, name = 'app') => {
  const app = service(name, { image: 'acme/app:1', ...spec } as ServiceSpec)
  return synthesize(stack('shop', [swarm('stack.yml', [app])])).diagnostics
}
const errors = (...args: Parameters<typeof found>) =>
  found(...args)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message)
    .join('\n')

describe('limits of a swarm are reported before the deploy', () => {
  it('counts the name of the stack into that of a service', () => {
    expect(errors({}, `a${'b'.repeat(57)}`)).toBe('')
    expect(errors({}, `a${'b'.repeat(58)}`)).toContain('64 characters')
    expect(errors({ networks: [network('n'.repeat(60))] })).toContain('65 characters')
    expect(errors({ networks: [network('n'.repeat(60), { name: 'own' })] })).toBe('')
  })

  it('weighs what it would keep in its log', () => {
    const large = (size: number) => textFile('data.txt', 'x'.repeat(size))
    const as = (size: number) => ({ configs: [config('data', { document: large(size) })] })
    expect(errors(as(1_023_998))).toBe('')
    expect(errors(as(1_024_000))).toContain('1024001 bytes')
    expect(errors(as(0))).toContain('is empty')
    expect(errors({ volumes: [mount(large(2_000_000), '/data.txt')] })).toContain('2000001 bytes')
  })
})

describe('what a swarm leaves out', () => {
  const severity = (spec: object, key: string) =>
    found(spec).find(
      ({ rule, message }) => rule === 'compose/swarm-changed' && message.includes(` ${key}`),
    )?.severity

  test.each<[string, object]>([
    ['privileged', { privileged: true }],
    ['devices', { devices: ['/dev/kvm'] }],
    ['network_mode', { network_mode: 'host' }],
    ['profiles', { profiles: ['dev'] }],
    ['volumes_from', { volumes_from: ['container:a'] }],
    ['security_opt', { security_opt: ['seccomp=./a.json'] }],
    ['pid', { pid: 'host' }],
    ['post_start', { post_start: [{ command: 'a' }] }],
  ])('is a warning where it changes what was meant: %s', (key, spec) => {
    expect(severity(spec, key)).toBe('warning')
  })

  test.each<[string, object]>([
    ['container_name', { container_name: 'app' }],
    ['expose', { expose: [80] }],
    ['security_opt', {}],
  ])('is a note where it does not: %s', (key, spec) => expect(severity(spec, key)).toBe('note'))
})
