import { compose, mount, secret, service, volume } from '@erlmcp/compose'
import { postgres, redis } from '@erlmcp/compose/services'
import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { findVolumePasswords } from './volume-passwords.ts'

const keptOf = (...services: Parameters<typeof compose>[1]) =>
  findVolumePasswords(
    synthesize(stack('shop', [compose('deploy/docker-compose.prod.yml', services)])).artifacts,
  )

describe('a volume keeps the password that its server was first started with', () => {
  test('of PostgreSQL, under the name that Compose gives it', () => {
    const db = postgres('db', { database: 'shop' })
    const [kept] = keptOf(db)
    expect(kept).toEqual({
      path: 'deploy/secrets/db-password',
      service: 'db',
      volume: expect.stringMatching(/^shop-prod_/),
    })
  })

  test('of MariaDB with a volume of a name of its own', () => {
    const db = service('db', {
      image: 'mariadb:11',
      environment: { MARIADB_ROOT_PASSWORD_FILE: '/run/secrets/root' },
      secrets: [secret('root')],
      volumes: [mount(volume('data', { name: 'mine' }), '/var/lib/mysql')],
    })
    expect(keptOf(db)).toMatchObject([{ path: 'deploy/secrets/root', volume: 'mine' }])
  })

  test('not of Redis, which reads it at each start, nor of who only uses a password', () => {
    const app = service('app', {
      image: 'shop:1',
      environment: { DB_PASSWORD_FILE: '/run/secrets/password' },
      secrets: [secret('password')],
      volumes: [mount(volume('uploads'), '/uploads')],
    })
    expect(keptOf(redis('cache'), app)).toEqual([])
  })
})
