import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { attach, compose, mount, network, service, volume } from './index.ts'

const loose = (value: unknown) => value as never
const made = (spec: object) => () => service('app', { image: 'app:1.0', ...spec })

describe('an object literal instead of a value is rejected, with its name', () => {
  test.each([
    ['a service', { kind: 'service', name: '../a', spec: { image: 'a:1' } }],
    ['a service without a spec', { kind: 'service', name: 'a' }],
    ['a service without a name', { kind: 'service', spec: {} }],
  ])('%s of a file', (_name, value) => {
    expect(() => compose('compose.yaml', loose([value]))).toThrow(
      /handmade\.test\.ts:\d+:\d+: the services of compose\.yaml contain the service.*not created by its function/,
    )
  })

  test.each([
    ['depends_on', [{ kind: 'service', name: '../b', spec: {} }]],
    ['depends_on', [{ kind: 'dependency' }]],
    ['networks', [{ kind: 'network', name: '../n', spec: {} }]],
    ['networks', [{ kind: 'network', name: 'n' }]],
    ['networks', [{ kind: 'network attachment', value: { kind: 'network', name: 'n', spec: {} } }]],
    ['secrets', [{ kind: 'secret', name: 'n' }]],
    ['configs', [{ kind: 'config', name: 'n' }]],
    ['models', [{ kind: 'model', name: 'n' }]],
    ['volumes', [{ kind: 'mount' }]],
    ['extends', { kind: 'service', name: 'b' }],
    ['links', [{ service: { kind: 'service' } }]],
    ['network_mode', { kind: 'service' }],
    ['pid', { kind: 'service' }],
    ['ipc', 5],
  ])('%s: %j', (key, value) => {
    expect(made({ [key]: value })).toThrow(new RegExp(`handmade.*(${key} of )?service app`))
  })

  test('within an attachment or a mount', () => {
    const hand = loose({ kind: 'network', name: 'n', spec: {} })
    expect(() => attach(hand, {})).toThrow('the network n, not created by its function')
    expect(() => mount(loose({ kind: 'volume', name: '../x', spec: {} }), '/x')).toThrow(
      'the volume ../x, not created by its function',
    )
  })

  test('text with variables', () => {
    expect(made({ image: { kind: 'interpolation' } })).toThrow('image of service app')
    expect(made({ image: { kind: 'interpolation', parts: [5] } })).toThrow('image of service app')
  })

  test('a copy with an invalid name', () => {
    const app = made({})()
    const synth = (value: object) => () =>
      synthesize(stack('shop', [compose('compose.yaml', [loose(value)])]))
    expect(synth({ ...app, name: '../a' })).toThrow('"../a" is not a valid service name')
    const edge = loose({ ...network('edge'), name: '../n' })
    expect(synth(made({ networks: [edge] })())).toThrow('"../n" is not a valid network name')
    const data = loose({ ...volume('data'), name: '../v' })
    expect(synth(made({ volumes: [mount(data, '/v')] })())).toThrow('is not a valid volume name')
  })
})
