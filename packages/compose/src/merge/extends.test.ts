import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { completed, compose, publish, type ServiceSpec, secret, service, swarm } from '../index.ts'

/** The services of a file as Compose merges them, and its diagnostics. */
function made(services: Parameters<typeof compose>[1], root?: string, make = compose) {
  const { artifacts, diagnostics, secrets } = synthesize(
    stack('shop', [make('compose.yaml', services)]),
    root === undefined ? {} : { root },
  )
  return {
    services: parse(artifacts.find(({ path }) => path === 'compose.yaml')!.text).services,
    diagnostics,
    secrets,
  }
}

// Each default, and a value that is another one.
const others: readonly ServiceSpec[] = [
  { read_only: false },
  { cap_drop: ['KILL'] },
  { security_opt: ['label=disable'] },
  { stop_grace_period: '1m' },
  { logging: { driver: 'journald' } },
  { init: false },
  { restart: 'no' },
  { tmpfs: ['/run'] },
  { user: '5:5' },
  { deploy: { resources: { limits: { memory: '4G' } } } },
  { deploy: { resources: { limits: { cpus: '4' } } } },
  { mem_limit: '4G' },
  { deploy: { restart_policy: { condition: 'none' } } },
]

describe('a service that extends another value', () => {
  it.each(others)('inherits %j instead of the default', (spec) => {
    const { services } = made([
      service('app', { extends: service('base', { image: 'a:1', ...spec }) }),
    ])
    expect(services.app).toEqual(services.base)
    expect(services.app).toMatchObject(spec)
  })

  it.each(others)('has its own %j', (spec) => {
    const base = service('base', { image: 'a:1', hostname: 'h' })
    const { services } = made([service('app', { extends: base, ...spec })])
    expect(services.app).toMatchObject({ hostname: 'h', ...spec })
    expect(services.base).not.toMatchObject(spec)
  })

  it('has each option once', () => {
    const base = service('base', {
      image: 'a:1',
      ports: [publish(8080, 80)],
      environment: { A: '1' },
    })
    const { services } = made([service('app', { extends: base, environment: ['B=2'], tty: true })])
    expect(services.app).toMatchObject({
      security_opt: ['no-new-privileges=true'],
      cap_drop: ['ALL'],
      ports: [{ host_ip: '127.0.0.1', target: 80, published: 8080 }],
      environment: ['A=1', 'B=2'],
    })
    expect(services.app).not.toHaveProperty('extends')
  })

  it('is a job when it is waited for, whatever its base is', () => {
    const base = service('base', { image: 'a:1' })
    const migrate = service('migrate', { extends: base, command: 'migrate' })
    const app = service('app', {
      extends: migrate,
      command: 'run',
      depends_on: [completed(migrate)],
    })
    const { services } = made([app])
    expect([services.base.restart, services.migrate.restart, services.app.restart]).toEqual([
      'unless-stopped',
      'no',
      'unless-stopped',
    ])
  })

  it('reads the secrets of its base as its own user', () => {
    const base = service('base', { image: 'a:1', user: '1:1', secrets: [secret('key')] })
    const { secrets } = made([service('app', { extends: base, user: '2:2' })])
    expect(secrets).toMatchObject([{ path: 'secrets/key', readers: [1, 2] }])
  })

  it('is in a stack file, which has no `extends`', () => {
    const base = service('base', { image: 'a:1', hostname: 'h' })
    const { services } = made([service('app', { extends: base })], undefined, swarm)
    expect(services.app).toMatchObject({ hostname: 'h' })
    expect(services.app).not.toHaveProperty('extends')
  })
})

describe('a service that extends a service of an existing file', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'erlmcp-extends-'))
    writeFileSync(
      join(root, 'base.yml'),
      [
        'x-limits: &limits { limits: { memory: 4G } }',
        'services:',
        '  grand: { image: "a:1", restart: "no", healthcheck: { test: "true" } }',
        '  base: { extends: grand, read_only: false, init: false, deploy: { resources: *limits } }',
        '',
      ].join('\n'),
    )
  })
  afterAll(() => rmSync(root, { recursive: true }))
  const app = (spec: ServiceSpec = {}) =>
    service('app', { extends: { file: 'base.yml', service: 'base' }, ...spec })

  it('has defaults for keys that neither has', () => {
    const { services } = made([app({ hostname: 'h' })], root)
    expect(services.app).toEqual({
      extends: { service: 'base', file: 'base.yml' },
      hostname: 'h',
      stop_grace_period: '30s',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges=true'],
      deploy: { resources: { limits: { cpus: '1', pids: 512 } } },
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    })
  })

  it('sets a limit under both keys where the file has the other one', () => {
    const { services, diagnostics } = made([app({ mem_limit: '1G' })], root)
    expect(services.app.deploy.resources.limits).toMatchObject({ memory: '1G' })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('is checked with the service that it extends', () => {
    const rules = made([app()], root).diagnostics.map(({ rule }) => rule)
    expect(rules).not.toContain('compose/restart-missing')
    expect(rules).not.toContain('compose/healthcheck-not-set')
    expect(rules).toContain('compose/writable-root')
  })

  it('has no default where that file cannot be read', () => {
    expect(Object.keys(made([app()]).services.app)).toEqual(['extends'])
  })

  it.each([
    [
      'a file that is not there',
      { file: 'other.yml', service: 'base' },
      /extends base of other\.yml/,
    ],
    ['a misspelt service', { file: 'base.yml', service: 'bas' }, /Did you mean 'base'/],
  ])('is refused for %s', (_, base, message) => {
    const make = () => {
      const [error] = made([service('app', { extends: base })], root).diagnostics.filter(
        ({ severity }) => severity === 'error',
      )
      throw new Error(error?.message)
    }
    expect(make).toThrow(message)
  })
})
