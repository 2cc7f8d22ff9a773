import { isUserError, type Stack, stack, synthesize, textFile } from '@erlmcp/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { parse } from 'yaml'
import {
  compose,
  env,
  healthy,
  interpolate,
  network,
  publish,
  type ServiceValue,
  secret,
  service,
  swarm,
} from '../index.ts'
import { postgres } from './index.ts'

const made = (...sources: Parameters<typeof stack>[1]) => {
  const shop: Stack = stack('shop', sources)
  const { artifacts, diagnostics, secrets } = synthesize(shop)
  const text = (path: string) => artifacts.find((one) => one.path === path)?.text ?? ''
  return { secrets, diagnostics, text, file: (path: string) => parse(text(path)) }
}
const serviceOf = (value: ServiceValue) =>
  made(compose('compose.yaml', [value])).file('compose.yaml').services[value.name]
const targets = (node: { volumes: { source?: string; target: string }[] }) =>
  Object.fromEntries(node.volumes.map(({ source = 'memory', target }) => [target, source]))

describe('postgres', () => {
  it('is a whole service with its secret and volume', () => {
    const { text, secrets, diagnostics } = made(
      compose('compose.yaml', [postgres('postgres', { database: 'erlmcp' })]),
    )
    expect(diagnostics.filter(({ severity }) => severity !== 'note')).toEqual([])
    expect(text('compose.yaml')).toMatchSnapshot()
    expect(secrets).toMatchObject([{ path: 'secrets/postgres-password', readers: [999] }])
  })

  it('is a service wherever one is taken, and tells what others need', () => {
    const db = postgres('db', { database: 'shop', user: 'owner' })
    const app = service('app', {
      image: 'app:1.0',
      environment: { DB_USER: db.user, DB_NAME: db.database },
      secrets: [db.password],
      user: '1000:1000',
      depends_on: [healthy(db)],
    })
    const { file, secrets } = made(compose('compose.yaml', [app]))
    expect(file('compose.yaml').services.app.environment).toEqual({
      DB_USER: 'owner',
      DB_NAME: 'shop',
    })
    expect(file('compose.yaml').services.db.environment).toMatchObject({
      POSTGRES_USER: 'owner',
      POSTGRES_DB: 'shop',
    })
    expect(secrets).toMatchObject([{ path: 'secrets/db-password', readers: [999, 1000] }])
  })

  it.each([
    ['postgres:17.2-trixie', '/var/lib/postgresql/data'],
    ['postgres:16', '/var/lib/postgresql/data'],
    ['postgres:18-trixie', '/var/lib/postgresql'],
    [`registry.example:5000/postgres:18.1@sha256:${'0'.repeat(64)}`, '/var/lib/postgresql'],
  ] as const)('keeps the data of %s where that image has its volume', (image, folder) => {
    const db = postgres('db', { database: 'shop', image })
    expect(targets(serviceOf(db))[folder]).toBe('db-data')
  })

  it('asks for the major version where the image does not say it', () => {
    const image = interpolate`postgres:${env('POSTGRES_TAG', '18-trixie')}`
    expect(() => postgres('db', { database: 'shop', image })).toThrow('major: 17')
    expect(() =>
      postgres('db', { database: 'shop', image: 'registry.example:5000/postgres:stable' }),
    ).toThrow('does not name the major version')
    const db = postgres('db', { database: 'shop', image, major: 18 })
    expect(targets(serviceOf(db))['/var/lib/postgresql']).toBe('db-data')
  })

  it('runs as the user of an Alpine image', () => {
    expect(serviceOf(postgres('db', { database: 'shop', image: 'postgres:17-alpine' })).user).toBe(
      '70:70',
    )
  })

  it('publishes no port unless asked, and then on loopback', () => {
    const on = (options: { publish?: Parameters<typeof postgres>[1]['publish'] & {} }) =>
      serviceOf(postgres('db', { database: 'shop', ...options })).ports
    expect(on({})).toBeUndefined()
    expect(on({ publish: 15432 })).toMatchObject([{ host_ip: '127.0.0.1', target: 5432 }])
    expect(on({ publish: env('DB_PORT', 15432) })).toMatchObject([{ host_ip: '127.0.0.1' }])
    expect(on({ publish: publish(5432, 5432, { host_ip: '10.0.0.1' }) })).toMatchObject([
      { host_ip: '10.0.0.1' },
    ])
  })

  it('runs files that the stack makes, in the order of the list', () => {
    const schema = textFile('db/schema.sql', 'create table t ();\n', { comment: '#' })
    const seed = textFile('db/a-seed.sh', '#!/bin/sh\ntrue\n', { mode: 0o755 })
    const { file, text } = made(
      compose('compose.yaml', [postgres('db', { database: 'shop', init: [schema, seed] })]),
    )
    expect(file('compose.yaml').services.db.configs).toEqual([
      { source: 'db-init-1', target: '/docker-entrypoint-initdb.d/1-schema.sql' },
      { source: 'db-init-2', target: '/docker-entrypoint-initdb.d/2-a-seed.sh', mode: 0o555 },
    ])
    expect(text('db/schema.sql')).toContain('create table')
  })

  it('mounts a folder of init files read-only', () => {
    const node = serviceOf(postgres('db', { database: 'shop', init: './db/init' }))
    expect(node.volumes).toContainEqual(
      expect.objectContaining({ target: '/docker-entrypoint-initdb.d', read_only: true }),
    )
  })

  it('refuses an init file that the image would ignore', () => {
    const init = [textFile('db/schema.txt', '')]
    try {
      postgres('db', { database: 'shop', init })
      expect.unreachable()
    } catch (error) {
      expect(isUserError(error) && error.summary).toBe(
        'the image ignores the init file db/schema.txt',
      )
    }
  })

  it('takes any other key of a service, and adds to its own environment and mounts', () => {
    const password = secret('shared')
    const node = serviceOf(
      postgres('db', {
        database: 'shop',
        password,
        networks: [network('backend')],
        extras: {
          mem_limit: '2G',
          stop_grace_period: '5m',
          environment: { TZ: 'UTC' },
          volumes: ['./backup:/backup'],
        },
      }),
    )
    expect(node).toMatchObject({
      mem_limit: '2G',
      stop_grace_period: '5m',
      networks: ['backend'],
      secrets: ['shared'],
      environment: { POSTGRES_PASSWORD_FILE: '/run/secrets/shared', TZ: 'UTC' },
    })
    expect(Object.keys(targets(node))).toEqual(
      expect.arrayContaining(['/backup', '/var/lib/postgresql/data']),
    )
  })

  it('runs in a swarm too, with the shared memory that shm_size would not give there', () => {
    const path = 'docker-compose.swarm.yml'
    const { file, diagnostics } = made(swarm(path, [postgres('db', { database: 'shop' })]))
    const node = file(path).services.db
    expect(node).not.toHaveProperty('security_opt')
    expect(node).not.toHaveProperty('tmpfs')
    expect(targets(node)).toEqual({
      '/var/lib/postgresql/data': 'db-data',
      '/var/run/postgresql': 'memory',
      '/dev/shm': 'memory',
      '/tmp': 'memory',
    })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('needs names for its database and user', () => {
    expect(() => postgres('db', { database: '' })).toThrow('needs the name of its database')
    expect(() => postgres('db', { database: 'a', user: '' })).toThrow('needs the name of its user')
  })

  it('is an error without authentication by password', () => {
    const environment = { POSTGRES_HOST_AUTH_METHOD: 'trust' }
    const open = postgres('db', { database: 'shop', extras: { environment } })
    const { diagnostics } = made(compose('compose.yaml', [open]))
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
      { rule: 'compose/password-not-asked' },
    ])
  })

  it('does not take an image without a tag', () => {
    // @ts-expect-error: no tag means latest
    expect(() => postgres('db', { database: 'shop', image: 'postgres' })).toThrow()
    expectTypeOf(postgres('db', { database: 'shop' })).toExtend<ServiceValue>()
  })
})
