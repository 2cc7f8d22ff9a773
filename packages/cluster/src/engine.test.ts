import { expect, test } from 'vitest'
import { silentEngine } from './engine.ts'

test.each([
  'Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?',
  'failed to connect to the docker API at unix:///x.sock; check if the path is correct',
  'error during connect: Get "http://host:2375/v1.47/info": dial tcp: lookup host: no such host',
  'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
])('%s: the engine does not answer', (line) => {
  const error = silentEngine(`some words before\n${line}\n`)
  expect(error).toMatchObject({ kind: 'environment', hint: expect.stringContaining(line) })
  expect(error?.summary).toMatch(/engine does not answer|may not talk to the Docker engine/)
})

test.each([
  'Error response from daemon: Get "https://registry.example/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
  'Error response from daemon: No such container: x',
  'permission denied',
])('%s: another matter', (line) => {
  expect(silentEngine(line)).toBeUndefined()
})
