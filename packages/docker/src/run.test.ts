import { Readable } from 'node:stream'
import { fakeDocker } from '@erlmcp/testkit'
import { describe, expect, test } from 'vitest'
import { inspectContainers, listContainers } from './containers.ts'
import { whilePaused } from './pause.ts'
import { docker, runDocker } from './run.ts'
import { openSession } from './session.ts'
import { readText, streamDocker } from './stream.ts'

describe('runDocker', () => {
  test('returns exit code and output, and passes the input on', async () => {
    fakeDocker('"run x") cat; echo "no" >&2; exit 3 ;;')
    expect(await runDocker(['run', 'x'], { input: 'hello' })).toEqual({
      exitCode: 3,
      stdout: 'hello',
      stderr: 'no\n',
    })
  })

  test('hands the output on as it comes', async () => {
    fakeDocker('*) printf one; sleep 0.05; printf two ;;')
    const chunks: string[] = []
    const { stdout } = await runDocker(['ps'], { onOutput: (chunk) => chunks.push(`${chunk}`) })
    expect([chunks.join(''), stdout]).toEqual(['onetwo', ''])
  })

  test.each([false, true])('ends after its timeout, detached: %s', async (detached) => {
    fakeDocker('*) sleep 30 & wait ;;')
    const began = Date.now()
    const { exitCode, stderr } = await runDocker(['ps'], { timeout: 0.3, detached })
    expect([exitCode, stderr.trim()]).toEqual([1, 'no answer within 0.3 s'])
    expect(Date.now() - began).toBeLessThan(10_000)
  })

  test('ends when its signal aborts', async () => {
    fakeDocker('*) exec sleep 30 ;;')
    const signal = AbortSignal.timeout(100)
    expect((await runDocker(['ps'], { signal, detached: true })).exitCode).toBe(1)
  })

  test('throws what its input failed with', async () => {
    fakeDocker('*) cat ;;')
    const input = new Readable({ read() {} })
    setTimeout(() => input.destroy(new Error('the disk failed')), 50)
    await expect(runDocker(['load'], { input })).rejects.toThrow('the disk failed')
  })

  test('explains a missing command and a missing directory', async () => {
    const path = process.env.PATH
    process.env.PATH = '/nowhere'
    try {
      await expect(runDocker(['ps'])).rejects.toMatchObject({ reason: 'command-missing' })
      await expect(runDocker(['ps'], { cwd: '/nowhere' })).rejects.toThrow('/nowhere')
    } finally {
      process.env.PATH = path
    }
  })
})

test('docker throws with the end of the standard error', async () => {
  fakeDocker('*) seq 20 >&2; exit 4 ;;')
  await expect(docker(['ps'])).rejects.toMatchObject({
    summary: 'docker ps failed (exit 4)',
    hint: '13\n  14\n  15\n  16\n  17\n  18\n  19\n  20',
    kind: 'environment',
  })
})

describe('streamDocker', () => {
  test('returns what was made of the output', async () => {
    fakeDocker('*) cat; cat >/dev/null ;;')
    const input = Readable.from([Buffer.from('a'), Buffer.from('b')])
    const options = { label: 'copying', input, consume: readText }
    expect(await streamDocker(['cp'], options)).toBe('ab')
  })

  test('discards the output of a command that failed', async () => {
    fakeDocker('*) echo half; echo "cut off" >&2; exit 1 ;;')
    await expect(
      streamDocker(['cp'], { label: 'copying', consume: readText }),
    ).rejects.toMatchObject({ summary: 'copying failed (exit 1)', hint: 'cut off' })
  })

  test('kills the command where the output cannot be consumed', async () => {
    fakeDocker('*) echo x; exec sleep 30 ;;')
    const consume = async () => {
      throw new Error('the disk is full')
    }
    await expect(streamDocker(['cp'], { label: 'copying', consume })).rejects.toThrow(
      'disk is full',
    )
  })
})

describe('a session', () => {
  test('answers one question after the other', async () => {
    fakeDocker('*) while read -r line; do echo "$line!"; echo done; done ;;')
    const session = openSession(['exec', 'c1'])
    expect(await session.ask('one\n', 'done')).toBe('one!\n')
    expect(await session.ask('two\n', 'done')).toBe('two!\n')
    session.end()
  })

  test('rejects when it ends, or does not answer in time', async () => {
    fakeDocker('*) read -r line; echo "no such role" >&2 ;;')
    await expect(openSession(['exec']).ask('one\n', 'done')).rejects.toThrow('no such role')
    fakeDocker('*) sleep 5 ;;')
    const session = openSession(['exec'])
    await expect(session.ask('one\n', 'done', 0.1)).rejects.toThrow('no answer within 0.1 s')
    session.kill()
  })
})

test('containers are listed by filters, and inspected without those that are gone', async () => {
  fakeDocker(`"ps --quiet --no-trunc --all --filter a=b") printf 'c1\\nc2\\n' ;;
"inspect --type container c1 c2") echo '[{"Id":"c1"}]'; exit 1 ;;`)
  const ids = await listContainers(['a=b'], { all: true })
  expect(ids).toEqual(['c1', 'c2'])
  expect(await inspectContainers(ids)).toEqual([{ Id: 'c1' }])
  expect(await inspectContainers([])).toEqual([])
})

test('containers that cannot be paused continue', async () => {
  fakeDocker('"pause c2") echo "not running" >&2; exit 1 ;;\n"unpause c1") exit 0 ;;')
  await expect(whilePaused(['c1', 'c2'], async () => 'read')).rejects.toThrow('cannot pause')
  fakeDocker('*) exit 0 ;;')
  expect(await whilePaused(['c1'], async () => 'read')).toBe('read')
})
