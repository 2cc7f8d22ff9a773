import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { compose, type ServiceSpec, service, swarm } from '../index.ts'
import { readCommand } from './command-line.ts'

const found = (spec: object, make = compose) => {
  const app = service('app', { image: 'app:1.0', ...spec } as ServiceSpec)
  const { diagnostics } = synthesize(stack('shop', [make('compose.yaml', [app])]))
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)
}

describe('a command that Compose cannot split into words is an error', () => {
  const open = [
    'run "a',
    "run 'a",
    'run a\\',
    'run (a)',
    'run a)',
    'run $(a',
    'run `a',
    `run "a\\"`,
  ]

  test.each(open)('%s', (text) => {
    for (const spec of [
      { command: text },
      { entrypoint: text },
      { post_start: [{ command: text }] },
      { pre_stop: [{ command: text }] },
    ]) {
      expect(found(spec)).toContain('compose/value-format')
    }
  })

  test.each([`run "it's"`, "run 'a \"b'", 'run a\\ b', 'run "a (b)"', `run 'a\\'`])(
    '%s is fine',
    (text) => expect(found({ command: text })).toEqual([]),
  )

  test('a list is not split, and a shell parses a healthcheck', () => {
    expect(found({ command: ['run', '"a'], healthcheck: { test: 'test "a' } })).toEqual([])
  })

  test('a swarm does not parse brackets', () => {
    expect(found({ command: 'run (a)' }, swarm)).toEqual([])
    expect(found({ command: 'run "a' }, swarm)).toContain('compose/value-format')
  })
})

describe('a command that Compose ends before an operator is an error', () => {
  test.each([
    ['serve && log', '&&'],
    ['serve | log', '|'],
    ['serve > file', '>'],
    ['serve; log', ';'],
    ['sh -c serve && log', '&&'],
  ])('%s', (command, operator) => {
    expect(readCommand(command)).toEqual({ closed: true, operator })
    expect(found({ command })).toContain('compose/shell-syntax-without-shell')
    expect(found({ post_start: [{ command }] })).toContain('compose/shell-syntax-without-shell')
  })

  test('one that a shell reads is not', () => {
    expect(found({ command: 'sh -c "serve && log"' })).toEqual([])
    expect(found({ command: ['sh', '-c', 'serve && log'] })).toEqual([])
  })
})

describe('what runs and cannot', () => {
  const watch = (rule: object) => ({ develop: { watch: [{ path: '.', ...rule }] } })
  test.each<[string, object, string]>([
    ['two containers and one port', { scale: 2, ports: ['8080:80'] }, 'port-of-several-containers'],
    [
      'three replicas and two ports',
      { deploy: { replicas: 3 }, ports: ['8080-8081:80'] },
      'port-of-several-containers',
    ],
    ['a healthcheck of a word', { healthcheck: { test: 'NONE' } }, 'health-test-word'],
    ['one that begins with CMD', { healthcheck: { test: 'CMD curl a' } }, 'health-test-word'],
    ['a rebuild without a build', watch({ action: 'rebuild' }), 'watch-rebuilds-nothing'],
    ['an exec of nothing', watch({ action: 'sync+exec', target: '/a' }), 'watch-rebuilds-nothing'],
  ])('%s', (_, spec, rule) => {
    expect(found(spec)).toContain(`compose/${rule}`)
  })

  test.each<[string, object]>([
    ['a port for each', { scale: 2, ports: ['8080-8081:80'] }],
    ['a port of the engine', { scale: 2, ports: [80] }],
    ['no healthcheck', { healthcheck: { test: ['NONE'] } }],
    ['a program', { healthcheck: { test: 'CMDER --check' } }],
  ])('%s is fine', (_, spec) => expect(found(spec)).toEqual([]))
})
