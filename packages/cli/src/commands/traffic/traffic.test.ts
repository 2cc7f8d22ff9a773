import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { erlmcp, folder, put, shell, useProject } from '../../testing/project.ts'

useProject()

const stackOf = (...sources: string[]) => `import { compose, service } from '@erlmcp/compose'
import { blueGreen, canary } from '@erlmcp/cluster'
import { haproxy } from '@erlmcp/compose/services'
import { stack } from '@erlmcp/core'
const app = service('shop', { image: 'shop:1.0', user: '1000:1000', healthcheck: { test: ['CMD', 'true'] } })
const proxy = (route) => haproxy('haproxy', { route })
const common = { service: app, port: 8080, proxy }
const bluegreen = blueGreen('shop', { ...common, blue: {}, green: {} })
const trial = canary('shop', { ...common, stable: {}, canary: {}, weight: 10 })
const all = [${sources.join(', ')}]
export default stack('shop', [
  ...all,
  ...all.map((one) => compose(one === trial ? 'docker-compose.canary.yml' : 'docker-compose.bluegreen.yml', [...one.services])),
])
`

beforeEach(() => {
  for (const name of ['cluster', 'compose']) {
    const target = fileURLToPath(new URL(`../../../../${name}`, import.meta.url))
    symlinkSync(target, join(folder, 'node_modules/@erlmcp', name))
  }
})

describe('is rejected', () => {
  test.each<[string, string[], string[], string]>([
    ['a stack without one', [], ['show'], 'the stack has no blue-green or canary deployment'],
    ['a stack with two', ['bluegreen', 'trial'], ['show'], 'shop-bluegreen, shop-canary'],
    ['a colour of a canary', ['trial'], ['switch', 'green'], 'the stack has no blue-green deploy'],
    ['a share of colours', ['bluegreen'], ['weight', '10'], 'the stack has no canary deployment'],
    ['another name', ['trial'], ['show', '--name', 'x'], 'deployment x\n  It has shop-canary'],
    ['nowhere', ['bluegreen'], ['switch'], 'expected a colour or --back, got nothing'],
    ['both ways', ['bluegreen'], ['switch', 'green', '--back'], 'got both'],
    ['half a percent', ['trial'], ['weight', '0.5'], 'invalid weight "0.5"'],
    ['no share', ['trial'], ['weight'], 'expected PERCENT, got nothing'],
    ['no seconds', ['trial'], ['weight', '1', '--wait', 'soon'], '--wait: expected a duration'],
  ])('%s', (_, sources, argv, message) => {
    put('stack.ts', stackOf(...sources))
    const { code, err } = erlmcp('traffic', ...argv)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })

  test('a stack that was not synthesized', () => {
    put('stack.ts', stackOf('trial'))
    const { code, err } = erlmcp('traffic', 'weight', '10')
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('folder not found: traffic/shop-canary'),
    ])
    expect(err).toContain('erlmcp synth')
  })
})

describe('with a docker that only a test would have', () => {
  const live = () => join(folder, 'traffic/shop-bluegreen/live.cfg')
  const all = ['haproxy', 'shop-blue', 'shop-green']
  const traffic = (words: string, script: string, running = all) => {
    put('stack.ts', stackOf('bluegreen'))
    expect(erlmcp('synth')).toMatchObject({ code: 0 })
    const rows = running.map((name) => `{"ID":"${name}","Service":"${name}","State":"running"}`)
    mkdirSync(join(folder, 'bin'), { recursive: true })
    put(
      'bin/docker',
      `#!/bin/sh\ncase $* in *' ps '*) printf '%s\\n' ${rows.map((row) => `'${row}'`).join(' ')}; exit ;; esac\n${script}\n`,
    )
    chmodSync(join(folder, 'bin/docker'), 0o755)
    return shell(`PATH="$PWD/bin:$PATH" erlmcp traffic ${words}`)
  }
  /** Answers as an HAProxy whose weights nothing changes. */
  const stubborn = `read -r line || true
case $line in 'show stat'*) printf '# pxname,svname,scur,status,weight\\nroute,shop-blue,0,UP,100\\nroute,shop-green,0,UP,0\\n' ;; esac`

  test('a proxy that does not run is something missing', () => {
    const { code, err } = traffic('switch green', 'exit 0', ['shop-blue'])
    expect([code, err]).toEqual([3, expect.stringContaining('haproxy is not running')])
    expect(existsSync(live())).toBe(false)
  })

  test('a folder that the proxy cannot read is reported before any change', () => {
    expect(traffic('show', stubborn)).toMatchObject({ code: 0 })
    chmodSync(join(folder, 'traffic/shop-bluegreen'), 0o700)
    const { code, err } = shell('PATH="$PWD/bin:$PATH" erlmcp traffic show')
    expect([code, err]).toEqual([3, expect.stringContaining('chmod o+rx traffic/shop-bluegreen')])
  })

  test('a file that erlmcp did not write is left alone', () => {
    mkdirSync(join(folder, 'traffic/shop-bluegreen'), { recursive: true })
    writeFileSync(live(), 'global\n')
    const { code, err } = traffic('switch green', stubborn)
    expect([code, err]).toEqual([2, expect.stringContaining('expected the weights of')])
    expect(readFileSync(live(), 'utf8')).toBe('global\n')
  })

  test('a version that cannot be started fails with the message of docker', () => {
    const script = `case $* in *' up '*) echo 'no such image' >&2; exit 1 ;; esac\n${stubborn}`
    const { code, err } = traffic('switch green', script, ['haproxy', 'shop-blue'])
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('nothing was changed: cannot start shop-green'),
    ])
    expect(err).toContain('no such image')
    expect(existsSync(live())).toBe(false)
  })

  test('a proxy that rejects it fails, and the old configuration is back', () => {
    const { code, out, err } = traffic('switch green', stubborn)
    expect([code, err]).toEqual([1, expect.stringContaining('haproxy does not apply the change')])
    expect(err).toContain('it continues as before')
    expect(out).toMatch(/^ {2}blue {4}100 % {2}shop-blue, ready$/m)
    expect(existsSync(live())).toBe(false)
  })

  test('show reports for a terminal and for programs', () => {
    expect(
      traffic('show', stubborn).out,
    ).toBe(`shop-bluegreen (blue-green), by haproxy and the stack
  blue    100 %  shop-blue, ready
  green     0 %  shop-green, ready
`)
    expect(JSON.parse(traffic('show --format json', stubborn).out)).toMatchObject({
      ok: true,
      message: 'blue gets all requests',
      versions: [
        { name: 'blue', weight: 100 },
        { name: 'green', weight: 0 },
      ],
    })
  })
})
