import { expect, test } from 'vitest'
import { parseBytes } from './bytes.ts'
import { parseDuration } from './duration.ts'
import { isImageReference, parseImageReference } from './image-reference.ts'
import { isAbsolutePath, splitMount } from './mount.ts'
import { parsePortMapping, parsePortRange } from './port.ts'

test.each([
  ['0', 0],
  ['0s', 0],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['1d', 86_400_000],
  ['10', undefined],
  ['1e3s', undefined],
  ['-1s', undefined],
  ['99999999999h', undefined],
])('the duration %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected)
})

test.each([
  ['512', 512],
  ['1k', 1024],
  ['512M', 512 * 1024 ** 2],
  ['1.5 GiB', 1.5 * 1024 ** 3],
  ['1e3m', 1000 * 1024 ** 2],
  ['-1m', undefined],
  ['512 megs', undefined],
  ['99999999999999g', undefined],
])('the size %s', (text, expected) => {
  expect(parseBytes(text)).toBe(expected)
})

test('a range of ports', () => {
  expect(parsePortRange('80')).toEqual([80, 80])
  expect(parsePortRange('8000-8010')).toEqual([8000, 8010])
  expect(parsePortRange('8010-8000')).toBeUndefined()
  expect(parsePortRange('65536')).toBeUndefined()
})

test.each(['80', '8080:80/udp', '127.0.0.1:8080:80', '[::1]::80', '8000-8010:80'])(
  'the port %s',
  (text) => expect(parsePortMapping(text)).toBeDefined(),
)
test.each(['0', 'x:80', '8080:80/icmp', 'localhost:8080:80', '8000-8001:80-82', ''])(
  'the invalid port %j',
  (text) => expect(parsePortMapping(text)).toBeUndefined(),
)

test('a mount', () => {
  expect(splitMount('C:\\data:C:\\data:ro')).toEqual(['C:\\data', 'C:\\data', 'ro'])
  expect(splitMount('./a:/b')).toEqual(['./a', '/b'])
  expect(isAbsolutePath('\\\\.\\pipe\\docker_engine')).toBe(true)
  expect(isAbsolutePath('a/b')).toBe(false)
})

test('an image reference', () => {
  expect(parseImageReference('ghcr.io/acme/app:1.4@sha256:ab')).toEqual({
    registry: 'ghcr.io',
    path: 'acme/app',
    base: 'app',
    tag: '1.4',
    digest: 'sha256:ab',
  })
  expect(parseImageReference('localhost:5000/app').path).toBe('app')
  expect(isImageReference('redis:8-trixie')).toBe(true)
  expect(isImageReference('Redis:8')).toBe(false)
})
