import { expect, test } from 'vitest'
import { findEngineError } from './engine-error.ts'

test.each([
  'Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?',
  'failed to connect to the docker API at unix:///x.sock; check if the path is correct',
  'error during connect: Get "http://host:2375/v1.47/info": dial tcp: lookup host: no such host',
  'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
])('%s: the engine does not answer', (line) => {
  const error = findEngineError(['ps'], `some words before\n${line}\n`)
  expect(error).toMatchObject({ kind: 'environment', hint: expect.stringContaining(line) })
  expect(error?.summary).toMatch(/engine does not answer|may not access the Docker engine/)
})

test.each([
  'Error response from daemon: Get "https://registry.example/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
  'Error response from daemon: No such container: x',
  'permission denied',
])('%s: another matter', (line) => {
  expect(findEngineError(['ps'], line)).toBeUndefined()
})

test.each([
  'unknown flag: --progress\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n',
  "unknown shorthand flag: 'f' in -f\nSee 'docker --help'.\n",
  "docker: 'compose' is not a docker command.\nSee 'docker --help'\n",
  'docker: unknown command: docker compose\n',
])('%j: the compose plugin is missing', (stderr) => {
  expect(findEngineError(['compose', '--progress', 'quiet', 'config'], stderr)).toMatchObject({
    reason: 'plugin-missing',
    summary: 'docker has no compose command',
  })
})

test('an unknown flag of compose itself is another matter', () => {
  const stderr = "unknown flag: --wait-for-ever\nSee 'docker compose --help'.\n"
  expect(findEngineError(['compose', 'up'], stderr)).toBeUndefined()
  expect(findEngineError(['ps'], 'unknown flag: --progress')).toBeUndefined()
})
