import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { erlmcp, folder, put, shell, useProject } from '../../testing/project.ts'

useProject()

const stackOf = (...names: string[]) => `import { compose, service } from '@erlmcp/compose'
import { cluster } from '@erlmcp/cluster'
import { stack } from '@erlmcp/core'
const app = service('shop', { image: 'shop:1.0', user: '1000:1000', healthcheck: { test: ['CMD', 'true'] } })
const all = ${JSON.stringify(names)}.map((name) => cluster(name, { size: 2, service: app, release: 'shop' }))
export default stack('shop', [
  ...all,
  compose('docker-compose.cluster.yml', all.flatMap(({ services }) => [...services])),
])
`

beforeEach(() => {
  for (const name of ['cluster', 'compose']) {
    const target = fileURLToPath(new URL(`../../../../${name}`, import.meta.url))
    symlinkSync(target, join(folder, 'node_modules/@erlmcp', name))
  }
})

describe('is rejected', () => {
  test('a stack without one', () => {
    put('stack.ts', stackOf())
    const { code, err } = erlmcp('cluster', 'verify')
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('the stack has no cluster\n  Make one'),
    ])
  })

  test('a stack with two, without --name', () => {
    put('stack.ts', stackOf('blue', 'green'))
    const { code, err } = erlmcp('cluster', 'verify')
    expect([code, err]).toEqual([2, expect.stringContaining('the clusters blue, green')])
    expect(err).toContain('--name blue')
  })

  test('a stack that was not synthesized', () => {
    put('stack.ts', stackOf('shop'))
    const { code, err } = erlmcp('cluster', 'up')
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('compose file not found: docker-compose.cluster.yml'),
    ])
    expect(err).toContain('erlmcp synth')
  })
})

test('`up` says why a node does not come up: the likely reason, its healthcheck, its log', () => {
  put('stack.ts', stackOf('shop'))
  expect(erlmcp('synth')).toMatchObject({ code: 0 })
  const state = { Status: 'exited', ExitCode: 1, OOMKilled: false, Error: '' }
  const node = { Id: 'c1', RestartCount: 0, State: state, Config: {}, HostConfig: { Memory: 0 } }
  put(
    'docker',
    `#!/bin/sh
case "$*" in
*" up "*) exit 1 ;;
*" ps "*) echo '{"ID":"c1","Service":"shop-node1"}' ;;
inspect*) echo '${JSON.stringify([node])}' ;;
logs*) echo 'start: /run/secrets/dist-ca is missing or not readable for uid 1000' ;;
esac
`,
  )
  chmodSync(join(folder, 'docker'), 0o755)
  const { code, err } = shell('PATH="$PWD:$PATH" erlmcp cluster up')
  expect(code).toBe(3)
  expect(err).toContain('shop-node1: exited (1)\n    likely: /run/secrets/dist-ca is missing')
  expect(err).toContain('log:\n      start: /run/secrets/dist-ca is missing')
})

describe('verify, with a docker that only a test would have', () => {
  const verify = (script: string, more = '') => {
    put('stack.ts', stackOf('shop'))
    expect(erlmcp('synth')).toMatchObject({ code: 0 })
    put('docker', `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'docker'), 0o755)
    return shell(`PATH="$PWD:$PATH" erlmcp cluster verify --wait 0 ${more}`)
  }
  const running = [1, 2]
    .map((at) => `{"ID":"c${at}","Service":"shop-node${at}","State":"running"}`)
    .join('\\n')

  test('an engine that does not answer is something missing', () => {
    const { code, err } = verify('echo "Cannot connect to the Docker daemon" >&2; exit 1')
    expect([code, err]).toEqual([3, expect.stringContaining('Cannot connect')])
  })

  test('nothing that runs is a no', () => {
    const { code, out } = verify('exit 0')
    expect([code, out]).toEqual([1, expect.stringContaining('NO   shop-node1 has no container')])
  })

  test('checks are printed node by node, with the total in the last line', () => {
    const script = `case $* in *' ps '*) printf '${running}\\n' ;; inspect*) echo '[{"HostConfig":{"NetworkMode":"shop"},"NetworkSettings":{}}]' ;; esac`
    const { code, out, err } = verify(script)
    const nodes = out
      .trim()
      .split('\n')
      .map((line) => /shop-node\d/.exec(line)?.[0])
    expect(nodes).toEqual([...nodes].sort())
    expect(new Set(nodes).size).toBe(2)
    expect([code, err]).toEqual([1, expect.stringMatching(/erlmcp: \d+ of \d+ checks failed\n$/)])
  })

  test('whatever cannot be found out is a no, each in its own words', () => {
    const script = `case $* in
  *' ps '*) printf '${running}\\n' ;;
  inspect*) echo '[{"HostConfig":{"NetworkMode":"shop"},"NetworkSettings":{"Ports":{"9100/tcp":[{"HostPort":"9100"}]}}}]' ;;
  *) exit 0 ;;
esac`
    const { code, out } = verify(script, '--format=json')
    const { ok, checks } = JSON.parse(out)
    const good = checks.filter((one: { ok: boolean }) => one.ok)
    expect({ code, ok }).toEqual({ code: 1, ok: false })
    expect(good.map(({ check }: { check: string }) => check)).toEqual(['running', 'running'])
    const messages = checks.map(({ message }: { message: string }) => message).join('\n')
    expect(messages).toContain('shop-node1 does not see shop@shop-node1.shop.internal')
    expect(messages).toContain('shop-node1 has no emulator that listens on 9100')
    expect(messages).toContain('shop-node1 publishes its distribution')
    expect(messages).toContain(
      'does not reject another cookie (the probe on shop-node2 failed: no answer)',
    )
  })

  test('an invalid --wait is rejected', () => {
    const { code, err } = verify('exit 0', '--wait soon')
    expect([code, err]).toEqual([2, expect.stringContaining('--wait: expected a duration')])
  })
})
