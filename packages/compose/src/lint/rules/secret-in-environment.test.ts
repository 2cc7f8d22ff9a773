import { check, type Document } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { secretInEnvironment } from './secret-in-environment.ts'

const diagnostics = (environment: Record<string, string>) => {
  const format = { name: 'compose', rules: [secretInEnvironment], print: () => '' }
  const data = { services: { app: { image: 'app:1', environment } } }
  return check({ path: 'compose.yaml', format, data } as Document)
}

test.each([
  { API_TOKEN: 'abc' },
  { DATABASE_URL: 'postgres://shop:secret@db:5432/shop' },
  { DATABASE_URL: 'postgres://shop:${DB_PASSWORD}@db/shop' },
  { CACHE: 'redis://:secret@cache:6379' },
])('a secret: %j', (environment) => expect(diagnostics(environment)).toHaveLength(1))

test.each([
  { API_TOKEN_FILE: '/run/secrets/token' },
  { API_TOKEN: '' },
  { DATABASE_URL: 'postgres://shop@db:5432/shop' },
  { HOME_PAGE: 'https://example.com:8443/@me' },
  { MAIL: 'a:b@example.com' },
])('none: %j', (environment) => expect(diagnostics(environment)).toEqual([]))

test('a long text is read in no time', () => {
  const start = performance.now()
  diagnostics({ A: '://'.repeat(300_000), B: `://${'a'.repeat(1_000_000)}` })
  expect(performance.now() - start).toBeLessThan(2000)
})
