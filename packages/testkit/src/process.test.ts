import { expect, it } from 'vitest'
import { must, run } from './process.ts'

it('returns what a command said, whatever its exit code', async () => {
  const finished = await run(['sh', '-c', 'echo out; echo err >&2; exit 3'])
  expect(finished).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' })
})

it('feeds input and environment', async () => {
  const { stdout } = await must(['sh', '-c', 'cat; echo "$GREETING"'], {
    input: 'one\n',
    env: { GREETING: 'two' },
  })
  expect(stdout).toBe('one\ntwo\n')
})

it('tells what a failed command said', async () => {
  await expect(must(['sh', '-c', 'echo no such thing >&2; exit 1'])).rejects.toThrow(
    /exit code 1: sh -c .*\nno such thing/,
  )
})

it('kills a command that hangs, and the children that hold its output open', async () => {
  const begin = performance.now()
  await expect(run(['sh', '-c', 'sleep 60 & sleep 60'], { timeout: 300 })).rejects.toThrow(
    'not finished after 0.3 s',
  )
  expect(performance.now() - begin).toBeLessThan(10_000)
})

it('fails at once where there is no such command', async () => {
  await expect(run(['no-such-command-at-all'])).rejects.toThrow('ENOENT')
})
