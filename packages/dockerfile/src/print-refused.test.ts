import { describe, expect, test } from 'vitest'
import { arg, cmd, copy, env, inline, label, print, ref, run, stage } from './index.ts'

describe('what cannot be written is refused where it was made', () => {
  test.each([
    [
      'a line break in ENV',
      () => env({ A: 'x\nUSER root' }),
      /ENV A "x\\nUSER root" has a line break/,
    ],
    ['a line break in a default', () => arg('A', ref('B', { default: '\n' })), /line break/],
    ['NUL', () => label({ a: '\0' }), /NUL/],
    ['a name with =', () => env({ 'A=B': 'x' }), /"A=B" cannot be a name of ENV/],
    ['a shell command that looks like a flag', () => cmd('--x'), /would be read as a flag/],
    ['a shell command that looks like JSON', () => cmd('["x"]'), /would be read as a JSON list/],
    ['a RUN that ends in a backslash', () => run('a \\'), /ends in a backslash/],
    ['a flag with letters of no ASCII', () => copy(['a'], 'b', { chown: 'é' }), /not ASCII/],
    [
      'two files of one name',
      () => copy([inline('', { name: 'a' }), inline('', { name: 'a' })], '/'),
      /two files "a"/,
    ],
    [
      'a file whose name ends it',
      () => copy([inline('a\nb', { name: 'a' })], '/'),
      /its own name as a line/,
    ],
    ['a pattern with quotes', () => env({ A: ref('B', { withoutPrefix: '"' }) }), /pattern/],
  ])('%s', (_what, make, message) => {
    expect(make).toThrow(message)
    try {
      make()
    } catch (error) {
      expect((error as { location?: { file: string } }).location?.file).toBe(import.meta.filename)
    }
  })

  test('a line that the builder cannot read', () => {
    const long = 'x'.repeat(70_000)
    expect(() =>
      print({ args: [], stages: [stage('app', 'scratch', [run(`echo ${long}`)])] }, []),
    ).toThrow(/longer than the 65535 bytes/)
  })
})
