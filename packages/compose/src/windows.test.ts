import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { compose, config, env, mount, type ServiceSpec, service, swarm } from './index.ts'

const made = (spec: ServiceSpec | object) => {
  const app = service('app', { image: 'acme/app:1', ...spec } as ServiceSpec)
  const { artifacts, diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [app])]))
  const { text } = artifacts.find(({ path }) => path === 'compose.yaml')!
  const rules = diagnostics.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule)
  return { app: parse(text).services.app, rules }
}

describe('a Windows container has no defaults of Linux', () => {
  const content = config('account', { content: '{}' })
  test.each<[string, ServiceSpec | object]>([
    ['platform', { platform: 'windows/amd64' }],
    ['the default of a platform', { platform: env('PLATFORM', 'windows/amd64') }],
    ['isolation', { isolation: 'hyperv' }],
    ['credentials', { credential_spec: { config: content } }],
    ['image', { image: 'mcr.microsoft.com/windows/nanoserver:ltsc2022' }],
    ['tag', { image: 'mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022' }],
  ])('by its %s', (_, spec) => {
    const { app, rules } = made(spec)
    expect(rules).toEqual([])
    for (const key of ['cap_drop', 'security_opt', 'read_only', 'init', 'tmpfs']) {
      expect(app).not.toHaveProperty(key)
    }
    expect(app.deploy.resources.limits).not.toHaveProperty('pids')
  })

  test.each([{ platform: 'linux/amd64' }, { isolation: 'default' }, { platform: env('P') }])(
    'and one of Linux is: %j',
    (spec) => expect(made(spec).app).toHaveProperty('cap_drop'),
  )
})

describe('a path of Windows is a folder of the host', () => {
  it('in the short form and as a value', () => {
    const { app, rules } = made({
      platform: 'windows',
      volumes: [
        'C:\\data:C:\\data:ro',
        '\\\\.\\pipe\\docker:\\\\.\\pipe\\docker',
        'D:\\logs',
        mount('C:\\conf', 'C:\\conf'),
      ],
    })
    const bind = { create_host_path: false }
    expect(rules).toEqual([])
    expect(app.volumes).toEqual([
      { type: 'bind', source: 'C:\\data', target: 'C:\\data', read_only: true, bind },
      { type: 'bind', source: '\\\\.\\pipe\\docker', target: '\\\\.\\pipe\\docker', bind },
      { type: 'volume', target: 'D:\\logs' },
      { type: 'bind', source: 'C:\\conf', target: 'C:\\conf', bind },
    ])
  })

  it('rejects a drive without a path', () => {
    expect(() => made({ volumes: ['C:data:C:\\data'] })).toThrow(/expected a mount, got "C:data/)
  })
})

describe('the image of a build needs no tag', () => {
  const built = service('app', { image: 'acme/app', build: '.' })
  const rules = (...sources: Parameters<typeof stack>[1]) =>
    synthesize(stack('shop', sources)).diagnostics.map(
      ({ rule, document }) => `${rule} ${document}`,
    )

  it('in a compose file', () => {
    expect(rules(compose('compose.yaml', [built]))).not.toContain(
      'compose/image-without-tag compose.yaml',
    )
  })

  it('but a swarm pulls it', () => {
    expect(rules(compose('compose.yaml', [built]), swarm('stack.yml', [built]))).toContain(
      'compose/image-without-tag stack.yml',
    )
  })
})
