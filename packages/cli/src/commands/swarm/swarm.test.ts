import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { erlmcp, folder, put, read, shell, useProject } from '../../testing/project.ts'
import { type Answers, calls, type Swarm, service, swarm, task, well } from '../../testing/swarm.ts'

useProject()

const file = 'docker-compose.swarm.yml'

beforeEach(() => {
  const compose = fileURLToPath(new URL('../../../../compose', import.meta.url))
  symlinkSync(compose, join(folder, 'node_modules/@erlmcp/compose'))
  put(
    'stack.mjs',
    `import { service, swarm } from '@erlmcp/compose'
import { stack } from '@erlmcp/core'
const healthcheck = { test: ['CMD', 'true'] }
const app = service('app', { image: 'registry.example/shop:1.1', user: '1000:1000', healthcheck })
export default stack('shop', [swarm('${file}', [app])])
`,
  )
})

let generated: string | undefined
afterAll(() => {
  if (generated) rmSync(generated, { recursive: true })
})

/** The files of the stack, which are the same in each test. */
function synth(): void {
  if (generated) {
    cpSync(generated, folder, { recursive: true })
    return
  }
  expect(erlmcp('synth')).toMatchObject({ code: 0 })
  generated = mkdtempSync(join(tmpdir(), 'erlmcp-swarm-'))
  const filter = (path: string) => basename(path) !== 'node_modules'
  cpSync(folder, generated, { recursive: true, filter })
}

describe.each(['deploy', 'status', 'rollback'])('swarm %s', (verb) => {
  const ask = (but: Answers, more = '') => {
    synth()
    return swarm(`${verb}${more}`, { but })
  }

  test.each([
    [
      'that does not answer',
      'echo "Cannot connect to the daemon" >&2; exit 1',
      'Cannot connect to',
    ],
    [
      'of no swarm',
      `echo '{"LocalNodeState":"inactive"}'`,
      'the engine is not a manager of a swarm',
    ],
    [
      'that is a worker',
      `echo '{"LocalNodeState":"active"}'`,
      'a worker of a swarm, not a manager',
    ],
  ])('needs another engine than one %s', (_, does, words) => {
    const { code, out, err } = ask({ 'info *': does })
    expect([code, out, err]).toEqual([3, '', expect.stringContaining(words)])
    expect(calls()).not.toMatch(/stack deploy|service rollback/)
    const told = JSON.parse(ask({ 'info *': does }, ' --format json').out)
    const error = { message: expect.any(String), hint: expect.any(String) }
    expect(told).toEqual({ error, code: 3 })
  })

  test('needs docker', () => {
    const { code, err } = shell(`PATH="$PWD/bin" erlmcp swarm ${verb}`)
    expect([code, err]).toEqual([3, expect.stringContaining('docker command not found')])
  })

  test('refuses what can name no stack', () => {
    const { code, err } = ask({}, ` --name 'a b'`)
    expect([code, err]).toEqual([2, expect.stringContaining('"a b" is not a stack name')])
  })
})

test.each(['deploy', 'rollback'])('swarm %s waits for a number of seconds', (verb) => {
  const { code, err } = erlmcp('swarm', verb, '--wait', 'soon')
  expect([code, err]).toEqual([2, expect.stringContaining('--wait: expected a duration')])
})

describe('swarm deploy', () => {
  const deploy = (state: Swarm = {}, more = '') => {
    synth()
    return swarm(`deploy${more}`, state)
  }

  test('says what runs, and what is being done', () => {
    expect(deploy()).toEqual({
      code: 0,
      out: 'yes  shop_app: 2 of 2 run (shop:1.1)\n',
      err: `erlmcp: looking for the images …
erlmcp: deploying shop …
shop_app: 2 of 2 run
`,
    })
    expect(calls()).toMatch(
      /^stack deploy --detach=true --with-registry-auth --compose-file \S.*docker-compose.swarm.yml --compose-file \S+ shop$/m,
    )
  })

  test('tells programs the same', () => {
    const { code, out } = deploy({}, ' --format json --name other')
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      {
        ...{ stack: 'other', ok: true, pruned: [] },
        services: [{ name: 'shop_app', ok: true, running: 2, wanted: 2, summary: '2 of 2 run' }],
      },
    ])
  })

  test('exits 1 when a service rolled back, with its failed task and last log lines', () => {
    const Message = 'update rolled back due to failure or early termination of task t3'
    const { code, out, err } = deploy({
      services: [{ ...service, UpdateStatus: { State: 'rollback_completed', Message } }],
      tasks: [...well.tasks, task('t3', '1.2', 'failed'), task('t4', '1.2', 'failed')],
    })
    expect([code, out]).toEqual([1, 'NO   shop_app: 2 of 2 run, was rolled back (shop:1.1)\n'])
    expect(err).toContain(
      'erlmcp: shop_app: shop_app.1 on engine1: task: non-zero exit (7)\n  out of memory\n',
    )
    expect(calls()).toMatch(/^service logs .* t3$/m)
  })

  test('says the likely reason why a task does not run, and how to fix it', () => {
    const { code, err } = deploy({
      services: [{ ...service, UpdateStatus: { State: 'paused', Message: 'task t3' } }],
      tasks: [task('t1'), task('t3', '1.1', 'failed')],
      but: {
        'service logs *': 'echo FATAL: password authentication failed for user shop',
      },
    })
    expect(code).toBe(1)
    expect(err).toMatch(/likely: the server has another password: .*\n {2}fix: A volume stores/)
  })

  test('exits 1 after the timeout', () => {
    const { code, out } = deploy({ tasks: [task('t1'), task('t2', '1.0')] }, ' --wait 0')
    expect([code, out]).toEqual([
      1,
      'NO   shop_app: 1 of 2 run, 1 outdated, and the time limit is exceeded (shop:1.1)\n',
    ])
  })

  test('needs a stack file', () => {
    const { code, err } = swarm('deploy')
    expect([code, err]).toEqual([3, expect.stringContaining(`stack file not found: ${file}\n`)])
    expect(err).toContain('Run `erlmcp synth` first, or name the stack file with --file.')
    expect(deploy({}, ' --file other.yml').err).toContain('stack file not found: other.yml')
    expect(calls()).not.toContain('stack deploy')
  })

  test.each([
    ['the file', { 'stack config *': 'echo "services must be a mapping" >&2; exit 1' }, file],
    ['to deploy it', { 'stack deploy *': 'echo "network x is unknown" >&2; exit 1' }, 'unknown'],
  ])('ends with 2 when docker refuses %s', (_, but, words) => {
    const { code, out, err } = deploy({ but })
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(words)])
  })

  test('needs a file for each secret, and names it by its content', () => {
    mkdirSync(join(folder, 'secrets'), { mode: 0o700 })
    const secrets = { password: { file: join(folder, 'secrets/password') } }
    const but = {
      'stack config *': `echo '${JSON.stringify({ services: {}, secrets })}'`,
      'stack deploy *': 'for file; do :; done; eval "cat \\${$(($# - 1))}" >versions.json',
    }
    const { code, err } = deploy({ but })
    expect([code, err]).toEqual([3, expect.stringContaining('file not found: ')])
    const named = (content: string) => {
      put('secrets/password', content)
      expect(deploy({ but })).toMatchObject({ code: 0 })
      return JSON.parse(read('versions.json')).secrets.password.name
    }
    expect(named('one')).toMatch(/^shop_password\.[0-9a-f]{12}$/)
    expect(named('two')).not.toBe(named('one'))
  })

  describe('of an image that no registry has', () => {
    const local = (printed: string): Answers => ({
      'manifest inspect *': 'exit 1',
      'service ps erlmcp-image-probe-*': printed,
    })

    test('needs it on every node that may run it', () => {
      const but = local(`printf 'engine1\\tRejected 1 s ago\\tNo such image: shop:1.1\\n'`)
      const { code, err } = deploy({ but })
      expect([code, err]).toEqual([
        3,
        expect.stringContaining('registry.example/shop:1.1, for app: not on engine1'),
      ])
      expect(calls()).toMatch(/^service rm erlmcp-image-probe-/m)
      expect(calls()).not.toContain('stack deploy')
    })

    test('is done when every node has it', () => {
      const but = local(`printf 'engine1\\tRejected 1 s ago\\tno such file or directory\\n'`)
      expect(deploy({ but })).toMatchObject({ code: 0 })
      expect(calls()).toMatch(/^stack deploy --detach=true --resolve-image never /m)
    })
  })

  test('removes versions that nothing uses', () => {
    const but = { 'secret ls *': `printf '%s\\n' 'x1 shop_key.0123456789ab' 'x2 shop_key'` }
    expect(deploy({ but }).out).toContain('removed shop_key.0123456789ab, which was unused\n')
    expect(calls()).toMatch(/^secret rm x1$/m)
    expect(calls()).not.toMatch(/^secret rm x2$/m)
  })
})

describe('swarm status', () => {
  test('says yes where all runs, also after it went back', () => {
    const services = [{ ...service, UpdateStatus: { State: 'rollback_completed' } }]
    expect(swarm('status', { services })).toMatchObject({
      code: 0,
      out: 'yes  shop_app: 2 of 2 run, was rolled back (shop:1.1)\n',
    })
  })

  test('exits 1 when a task is missing, with the reason', () => {
    const { code, out, err } = swarm('status', { tasks: [task('t1'), task('t2', '1.1', 'failed')] })
    expect([code, out]).toEqual([1, 'NO   shop_app: 1 of 2 run (shop:1.1)\n'])
    expect(err).toBe('erlmcp: shop_app: shop_app.1 on engine1: task: non-zero exit (7)\n')
  })

  test('says yes where nothing is to run', () => {
    const but = {
      'stack services *': 'echo s1 0/0',
      'stack ps *': 'echo "nothing found in stack: shop" >&2; exit 1',
      'service ps *': 'true',
    }
    const { code, out } = swarm('status --format json', { but })
    expect([code, JSON.parse(out)]).toMatchObject([0, { stack: 'shop', services: [{ wanted: 0 }] }])
  })

  test('needs no stack file, but a stack in the swarm', () => {
    const { code, err } = swarm('status', { services: [] })
    expect([code, err]).toEqual([2, expect.stringContaining('the swarm has no stack shop\n')])
    expect(err).toContain('erlmcp swarm deploy --name shop')
  })
})

describe('swarm rollback', () => {
  test.each(['', ' app', ' shop_app'])('goes back: rollback%s', (name) => {
    const services = [{ ...service, UpdateStatus: { State: 'rollback_completed' } }]
    expect(swarm(`rollback${name}`, { services })).toMatchObject({
      code: 0,
      out: 'yes  shop_app: 2 of 2 run, was rolled back (shop:1.1)\n',
    })
    expect(calls()).toMatch(/^service rollback --detach shop_app$/m)
  })

  test('exits 1 when the rollback paused', () => {
    const services = [{ ...service, UpdateStatus: { State: 'rollback_paused', Message: 'no' } }]
    const { code, out, err } = swarm('rollback', { services })
    expect([code, out]).toEqual([
      1,
      'NO   shop_app: 2 of 2 run, the rollback is paused (shop:1.1)\n',
    ])
    expect(err).toContain('erlmcp: shop_app: no\n')
  })

  const same = [{ ...service, PreviousSpec: service.Spec }]
  test.each<[string, string, Swarm, string]>([
    ['a service that there is not', ' web', {}, 'no service web\n  It has shop_app.'],
    ['one that was never otherwise', ' app', { services: same }, 'shop_app has no previous state'],
    ['a stack of such', '', { services: same }, 'the stack shop has no previous state'],
    [
      'what docker refuses',
      '',
      { but: { 'service rollback *': 'exit 1' } },
      'cannot roll back shop_app',
    ],
  ])('refuses %s', (_, name, state, words) => {
    const { code, out, err } = swarm(`rollback${name}`, state)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(words)])
  })
})
