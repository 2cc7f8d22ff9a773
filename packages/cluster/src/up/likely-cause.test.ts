import { describe, expect, test } from 'vitest'
import { findLikelyCause, findPort, type Symptoms } from './likely-cause.ts'

const nothing: Symptoms = {
  ...{ state: 'running', exitCode: 0, outOfMemory: false, error: '', health: '', test: '' },
  ...{ healthOutput: '', logs: '', memory: 0 },
}
const unhealthy = { health: 'unhealthy', listens: [8080, 9090] }
const exited = (exitCode: number) => ({ state: 'exited', exitCode })

describe('the likely reason of a service that is not up', () => {
  test.each<[string, Partial<Symptoms>, RegExp]>([
    [
      'a wrong health port',
      { ...unhealthy, test: 'CMD curl -f http://127.0.0.1:9191/health' },
      /the healthcheck uses port 9191, but it listens on 8080, 9090$/,
    ],
    [
      'a health command that is not in the image',
      { ...unhealthy, healthOutput: 'exec: "curl": executable file not found in $PATH' },
      /healthcheck cannot run/,
    ],
    [
      'a health path that is not there',
      { ...unhealthy, healthOutput: 'curl: (22) The requested URL returned error: 404' },
      /got status 404/,
    ],
    [
      'a wrong password',
      { ...exited(1), logs: 'FATAL:  password authentication failed for user "shop"\n' },
      /the server has another password: password authentication failed/,
    ],
    ['a wrong password of Redis', { ...unhealthy, logs: '-WRONGPASS invalid' }, /another password/],
    [
      'a secret that is missing',
      {
        ...exited(78),
        logs: 'start: /run/secrets/dist-ca is missing or not readable for uid 1000',
      },
      /^\/run\/secrets\/dist-ca is missing/,
    ],
    [
      'a mount that is missing',
      { error: 'invalid mount config for type "bind": bind source path does not exist: /a/pw' },
      /^the mount source \/a\/pw does not exist/,
    ],
    [
      'a port that another container has',
      { state: 'created', error: 'Bind for 127.0.0.1:8080 failed: port is already allocated' },
      /port 127\.0\.0\.1:8080 of the host is used/,
    ],
    ['memory', { ...exited(137), outOfMemory: true, memory: 512 * 2 ** 20 }, /limit is 512M/],
    ['another platform', { error: 'exec /app: exec format error' }, /another platform/],
    [
      'an image that is not there',
      { state: '', error: 'pull access denied for shop/app, repository does not exist' },
      /image not found: shop\/app/,
    ],
    [
      'a read-only path',
      { ...exited(2), logs: 'sh: 1: cannot create /opt/x: Read-only file system' },
      /read-only path: sh: 1: cannot create \/opt\/x/,
    ],
    [
      'a right that it lacks',
      { ...exited(1), logs: 'cat: /x: Permission denied' },
      /permission denied/,
    ],
    [
      'a volume of another version',
      { ...exited(1), logs: 'FATAL:  database files are incompatible with server' },
      /another version of PostgreSQL/,
    ],
    ['a host that it does not find', { ...exited(1), logs: '{error,nxdomain}' }, /cannot connect/],
    ['a command that is not there', exited(127), /does not exist in the image/],
    ['a program that ends', exited(0), /its program exited/],
    ['one that waits for another', { state: 'created' }, /a dependency did not come up/],
    ['one that is slow', { health: 'starting' }, /still starting/],
  ])('%s', (_, symptoms, words) => {
    const found = findLikelyCause({ ...nothing, ...symptoms })
    expect(found?.reason).toMatch(words)
    expect(found?.hint).toMatch(/\w/)
  })

  test('is undefined where nothing is known', () => {
    expect(findLikelyCause(nothing)).toBeUndefined()
  })
})

test.each([
  ['curl -f http://localhost:8080/health', 8080],
  ['redis-cli -h 127.0.0.1 -p 6390 ping', 6390],
  ['nc -z 127.0.0.1 5432', 5432],
  ['pg_isready --port=5433', 5433],
  ['/opt/shop/bin/health', undefined],
])('the port that %s asks is %s', (command, port) => {
  expect(findPort(command)).toBe(port)
})
