import { spawnSync } from 'node:child_process'
import { stack, synthesize } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { benchCommand, benchFiles } from '../files.ts'

const { artifacts } = synthesize(stack('app', [{ documents: () => benchFiles() }]))
const textOf = (path: string) => artifacts.find((one) => one.path === path)!.text

test('both files can be executed, and say what made them', () => {
  expect(artifacts.map(({ path, mode }) => [path, mode])).toEqual([
    ['docker/gates/bench', 0o755],
    ['docker/gates/erlmcp_bench.escript', 0o755],
  ])
  // An escript takes its options from the second line: there is none that it would take for them.
  expect(textOf('docker/gates/erlmcp_bench.escript')).toMatch(
    /^#!\/usr\/bin\/env escript\n%% Made by /,
  )
})

test('the command runs the first', () => {
  expect(benchCommand()).toEqual(['docker/gates/bench'])
  const options = { pairs: 50, sampleMs: 5, limits: { time: 1 } }
  expect(benchCommand(options).slice(1).join(' ')).toBe(
    '--pairs 50 --sample-ms 5 --threshold 1.0000',
  )
})

test('every shell reads it', () => {
  for (const [shell, ...options] of [['sh'], ['dash'], ['bash', '--posix'], ['busybox', 'sh']]) {
    const { status, stderr, error } = spawnSync(shell!, [...options, '-n'], {
      input: textOf('docker/gates/bench'),
      encoding: 'utf8',
    })
    if (!error) expect([status, stderr], shell).toEqual([0, ''])
  }
})

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

test.skipIf(!hasShellcheck)('it is clean under shellcheck (skipped where there is none)', () => {
  const input = textOf('docker/gates/bench')
  expect(spawnSync('shellcheck', ['-'], { input, encoding: 'utf8' }).stdout).toBe('')
})
