import { describe, expect, test } from 'vitest'
import {
  add,
  arg,
  cmd,
  copy,
  env,
  heredoc,
  inline,
  label,
  print,
  ref,
  run,
  stage,
  template,
  user,
} from '../index.ts'

describe('a value that cannot be printed is rejected, with the line of its call', () => {
  test.each([
    [
      'a line break in ENV',
      () => env({ A: 'x\nUSER root' }),
      /ENV A "x\\nUSER root" has a line break/,
    ],
    ['a line break in a default', () => arg('A', ref('B', { default: '\n' })), /line break/],
    ['NUL', () => label({ a: '\0' }), /NUL/],
    ['a name with =', () => env({ 'A=B': 'x' }), /ENV has the invalid name "A=B"/],
    ['a shell command that looks like a flag', () => cmd('--x'), /would be read as a flag/],
    ['a shell command that looks like JSON', () => cmd('["x"]'), /would be read as a JSON list/],
    ['a RUN that ends in a backslash', () => run('a \\'), /ends in a backslash/],
    ['a flag with letters outside ASCII', () => copy(['a'], 'b', { chown: 'é' }), /outside ASCII/],
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
    ['a number in ENV', () => env({ PORT: 8080 as never }), /expected text, got 8080[\s\S]*quotes/],
    ['an object in ENV', () => env({ A: {} as never }), /expected text, got \{\}/],
    ['nothing in ENV', () => env(null as never), /ENV is empty/],
    ['a number as a user', () => user(1000 as never), /expected text, got 1000/],
    [
      'a number among the words of a program',
      () => cmd(['a', 5 as never]),
      /CMD: expected text, got 5/,
    ],
    [
      'a number as a program',
      () => cmd(5 as never),
      /CMD: expected text or a list of words, got 5/,
    ],
    [
      'no command',
      () => run(undefined as never),
      /RUN: expected text or a list of words, got undefined/,
    ],
    [
      'one source, not a list',
      () => copy('rebar.config' as never, './'),
      /copy: expected a list of sources/,
    ],
    ['one download, not a list', () => add('https://a.example/b' as never, './'), /Write add\(\[/],
    [
      'a network that would be another flag',
      () => run('true', { network: 'none\nUSER root' as never }),
      /network of run: expected "default"/,
    ],
    [
      'a stage from nothing',
      () => stage('app', undefined as never, []),
      /expected a base image or a stage, got undefined/,
    ],
    [
      'a stage that does nothing',
      () => stage('app', 'scratch', undefined as never),
      /expected a list of instructions, got undefined/,
    ],
    [
      'text for an instruction',
      () => stage('app', 'scratch', ['RUN true' as never]),
      /expected an instruction, got "RUN true"/,
    ],
    [
      'an unset variable of the process in a template',
      () => env({ A: template`a${undefined as never}` }),
      /template: expected text, a number or a variable, got undefined[\s\S]*process\.env/,
    ],
    ['one in a heredoc', () => run(heredoc`echo ${undefined}`), /got undefined/],
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
