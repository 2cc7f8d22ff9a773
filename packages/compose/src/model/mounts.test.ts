import { expect, test } from 'vitest'
import { readMounts, writablePaths } from './mounts.ts'

test.each([
  ['data:/data', { type: 'volume', source: 'data', target: '/data', readOnly: false }],
  ['./a:/b:ro', { type: 'bind', source: './a', target: '/b', readOnly: true }],
  ['/data', { type: 'volume', source: '', target: '/data' }],
  ['~/a:/b:rshared', { type: 'bind', propagation: 'rshared' }],
  ['${FOLDER}:/b', { type: 'unknown', target: '/b' }],
  ['${FOLDER:-./a}:/b', { type: 'bind', source: './a' }],
])('short form %s', (text, meant) => {
  expect(readMounts([text])[0]).toMatchObject(meant)
})

test('writable paths: tmpfs and mounts that are not read-only', () => {
  const mounts = readMounts(['data:/data/', './a:/b:ro', { type: 'tmpfs', target: '/run' }])
  expect(writablePaths(['/tmp:size=64m'], mounts)).toEqual(['/tmp', '/data', '/run'])
})
