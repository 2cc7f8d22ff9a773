import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { compose, mount, secret, service, volume } from '../../index.ts'

const severities = (image: string, spec: object = {}) => {
  const db = service('db', {
    image,
    secrets: [secret('password')],
    environment: { POSTGRES_PASSWORD_FILE: '/run/secrets/password' },
    volumes: [mount(volume('db'), '/var/lib/postgresql/data')],
    ...spec,
  } as never)
  return synthesize(stack('shop', [compose('compose.yaml', [db])]))
    .diagnostics.filter(({ rule }) => rule === 'compose/postgres-data-folder')
    .map(({ severity }) => severity)
}
const digest = `@sha256:${'a'.repeat(64)}`

describe('a volume at the old data folder of PostgreSQL', () => {
  test.each([
    'postgres:18',
    'postgres:trixie',
    'postgres:alpine',
    'postgres:alpine3.22',
    'pgvector/pgvector:pg18',
    'pgvector/pgvector:0.8.1-pg18',
    'timescale/timescaledb:2.23.0-pg18',
  ])('is an error for %s', (image) => expect(severities(image)).toEqual(['error']))

  test('is a warning where a digest alone names the version', () => {
    expect(severities(`postgres${digest}`)).toEqual(['warning'])
  })

  test.each([
    'postgres:17',
    'postgres:9.6-alpine',
    `postgres:17${digest}`,
    'pgvector/pgvector:pg17',
    'pgvector/pgvector:0.8.1-pg17-trixie',
    'postgis/postgis:17-3.5',
    'timescale/timescaledb:latest-pg17',
  ])('is right for %s', (image) => expect(severities(image)).toEqual([]))

  test('is one in memory, too', () => {
    const spec = { volumes: undefined, tmpfs: ['/var/lib/postgresql/data:size=1g'] }
    expect(severities('postgres:18', spec)).toEqual(['error'])
  })
})
