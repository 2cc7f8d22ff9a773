import { check, type Document } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { secretInArgv } from './secret-in-argv.ts'

const diagnostics = (line: string) => {
  const format = { name: 'compose', rules: [secretInArgv], print: () => '' }
  const data = { services: { app: { image: 'app:1', command: ['sh', '-c', line] } } }
  return check({ path: 'compose.yaml', format, data } as Document)
}

test.each([
  'redis-cli -h cache -a x ping',
  'sleep 1; redis-cli -a "$$PASSWORD" ping',
  'redis-server --requirepass x',
])('a password: %s', (line) => expect(diagnostics(line)).toHaveLength(1))

test.each(['redis-cli ping | grep -a PONG', 'grep -a x; redis-cli ping', 'redis-cli -h a'])(
  'none: %s',
  (line) => expect(diagnostics(line)).toEqual([]),
)

test('a line of a megabyte is read in no time', () => {
  const start = performance.now()
  expect(diagnostics('redis-cli '.repeat(100_000))).toEqual([])
  expect(performance.now() - start).toBeLessThan(2000)
})
