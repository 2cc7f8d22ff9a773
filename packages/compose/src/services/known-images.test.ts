import { parseImageReference } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { factsOf } from '../images/known-images.ts'
import { userOfImage } from '../images/user-of-image.ts'
import { env, type ServiceValue } from '../index.ts'
import { alertmanager, jaeger, otelCollector, postgres, redis } from './index.ts'

const traces = jaeger('jaeger', { publish: 9000 })
test.each<[name: string, service: ServiceValue]>([
  ['postgres', postgres('db', { database: 'shop', publish: 9000 })],
  ['redis', redis('cache', { maxMemory: '64M', publish: 9000 })],
  ['jaeger', traces],
  ['otel collector', otelCollector('collector', { traces, publish: 9000 })],
  ['alertmanager', alertmanager('alerts', { publish: 9000 })],
])('%s has the user and the port of its image', (_, { spec }) => {
  const facts = factsOf(parseImageReference(String(spec.image)))
  expect(spec.user).toBe(facts?.user ?? facts?.stepsDownTo)
  expect(facts?.ports).toContain(Number((spec.ports![0] as { target: unknown }).target))
})

test.each([
  ['redis:8-alpine', '999:1000'],
  ['mirror.example/library/redis:8', '999:999'],
  ['acme/cache:8-alpine', '999:1000'],
  ['acme/cache@sha256:0', '999:999'],
  [env('REDIS_IMAGE', 'redis:8-alpine'), '999:999'],
])('a redis of the image %s runs as %s', (image, user) =>
  expect(userOfImage(image, 'redis')).toBe(user),
)
