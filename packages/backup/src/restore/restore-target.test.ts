import { describe, expect, test } from 'vitest'
import type { Contents, Server } from '../contents.ts'
import { sample } from '../testing/manifest.ts'
import { matchTarget } from './restore-target.ts'

const server = (service: string): Server => ({
  ...{ service, container: `id-of-${service}`, running: true, image: 'x', user: '' },
  data: `shop_${service}`,
})
const shop: Contents = {
  project: 'shop',
  containers: [],
  postgres: [server('other'), server('db')],
  redis: [server('cache')],
  volumes: [
    { volume: 'more', name: 'shop_more' },
    { volume: 'files', name: 'shop_files' },
  ],
  omitted: [],
}

describe('the parts of a set', () => {
  test('belong to what has their name', () => {
    expect(matchTarget(sample, shop)).toMatchObject({
      postgres: [{ saved: { service: 'db' }, server: { container: 'id-of-db' } }],
      redis: [{ saved: { service: 'cache' }, server: { container: 'id-of-cache' } }],
      volumes: [{ saved: { volume: 'files' }, volume: { name: 'shop_files' } }],
    })
  })

  test('belong to another project only when it is named', () => {
    const staging = { ...shop, project: 'staging' }
    expect(() => matchTarget(sample, staging)).toThrow(
      'the set: expected project staging, got shop\n  To restore it into staging, add --from shop.',
    )
    expect(() => matchTarget(sample, staging, 'shop-test')).toThrow('expected project shop-test')
    expect(matchTarget(sample, staging, 'shop')).toMatchObject({ volumes: [{}] })
    // Said needlessly it is true all the same.
    expect(matchTarget(sample, shop, 'shop')).toMatchObject({ volumes: [{}] })
  })

  test.each<[string, Partial<Contents>]>([
    ['service db', { postgres: [server('other')] }],
    ['service cache', { redis: [] }],
    ['volume files', { volumes: [] }],
    // The service of that name is a Redis.
    ['service db', { postgres: [], redis: [server('cache'), server('db')] }],
  ])('need the %s', (item, less) => {
    expect(() => matchTarget(sample, { ...shop, ...less })).toThrow(
      `the deployment has no ${item} for the set`,
    )
  })
})
