import { describe, expect, test } from 'vitest'
import { textFile, textFormat } from '../print/text.ts'
import { UserError } from '../user-error.ts'
import { stack } from './stack.ts'
import { synthesize } from './synthesize.ts'

// JavaScript, or TypeScript without a type check, may pass anything.
const loose = stack as (...values: unknown[]) => unknown

const motd = { documents: () => [textFile('motd', 'Welcome')] }

describe('an invalid stack is rejected at its line', () => {
  test.each([
    ['no name', [undefined, [motd]], 'stack: invalid name undefined'],
    ['no sources', ['shop'], 'stack shop: expected a list of sources'],
    ['one source, not a list', ['shop', motd], 'stack shop: expected a list of sources'],
    ['nothing as a source', ['shop', [motd, undefined]], 'expected a source, got undefined'],
    [
      'a service',
      ['shop', [{ kind: 'service', name: 'web' }]],
      'expected a source, got the service web',
    ],
    ['a document', ['shop', [textFile('motd', 'Hi')]], 'expected a source, got the document motd'],
    [
      'suppressions without a list',
      ['shop', [motd], { suppressions: 5 }],
      'stack shop: expected a list of suppressions',
    ],
    ['a suppression of nothing', ['shop', [motd], { suppressions: [{}] }], 'missing rule'],
    ['null as a suppression', ['shop', [motd], { suppressions: [null] }], 'missing rule'],
    ['no options', ['shop', [motd], null], 'stack: expected an object, got null'],
    ['a misspelt option', ['shop', [motd], { suppression: [] }], 'stack: unknown key suppression'],
  ])('%s', (_name, values, words) => {
    expect(() => loose(...values)).toThrow(words)
    expect(() => loose(...values)).toThrow(/stack\.test\.ts:\d+:\d+: /)
  })

  test('a text file without text', () => {
    const file = textFile as (...values: unknown[]) => unknown
    expect(() => file('motd', 3)).toThrow(/stack\.test\.ts:\d+:\d+: .*expected a string as text/)
    expect(() => file(undefined, '')).toThrow('expected a string as path')
  })

  test.each([
    ['text', '0755', '"0755"'],
    ['decimal', 755, '0o1363'],
    ['a set-user-id bit, which the manifest does not keep', 0o4755, '0o4755'],
    ['negative', -1, '0o-1'],
    ['one that its own owner could not read', 0o033, '0o33'],
  ])('a mode that is %s', (_name, mode, shown) => {
    const file = textFile as (...values: unknown[]) => unknown
    expect(() => file('motd', 'Hi', { mode })).toThrow(
      new RegExp(`stack\\.test\\.ts:\\d+:\\d+: motd: invalid mode ${shown}`),
    )
  })

  test.each([
    ['a promise of documents', async () => [textFile('a', '')], 'documents, got a promise'],
    ['nothing', () => undefined, 'documents, got undefined'],
    ['a text', () => 'motd', 'documents, got "motd"'],
    ['a path alone', () => ['motd'], 'a document of source 2 of stack shop: expected an object'],
    ['a document without a format', () => [{ path: 'motd' }], 'missing key format'],
    ['a document without a path', () => [{ format: textFormat }], 'missing key path'],
    ['a list of lists', () => [[textFile('a', '')]], 'expected an object, got'],
    [
      'a mode of text',
      () => [{ ...textFile('a', ''), mode: '0755' }],
      'mode of the document a of source 2 of stack shop: expected a number',
    ],
    [
      'a place of text',
      () => [{ ...textFile('a', ''), locate: 'a' }],
      'locate of the document a of source 2 of stack shop: expected a function',
    ],
  ])('a source of its own that gives %s', (_name, documents, words) => {
    const odd = stack('shop', [motd, { documents: documents as never }])
    expect(() => synthesize(odd)).toThrow(words)
    expect(() => synthesize(odd)).toThrow(/stack\.test\.ts:\d+:\d+: .*source 2 of stack shop/)
  })

  const odd = (format: object) => () =>
    synthesize(stack('shop', [{ documents: () => [{ path: 'motd', format, data: 1 } as never] }]))
  const plain = { name: 'odd', rules: [], print: () => '' }
  const rule = (part: object) => ({
    ...plain,
    rules: [{ id: 'odd/rule', kind: 'breaks', hint: 'Fix it.', check: () => [], ...part }],
  })

  test.each([
    ['prints a number', { ...plain, print: () => 5 }, 'expected text, got 5'],
    ['prints a promise', { ...plain, print: async () => '' }, 'expected text, got a promise'],
    ['prints nothing', { ...plain, print: () => undefined }, 'expected text, got undefined'],
    ['has no printer', { ...plain, print: undefined }, 'missing key print'],
    ['has no rules', { ...plain, rules: undefined }, 'missing key rules'],
    ['has nothing for a rule', { ...plain, rules: [null] }, 'rule 1 of the format odd'],
    ['has a rule without a check', rule({ check: undefined }), 'missing key check'],
    [
      'has a rule of no kind',
      rule({ kind: 'bad' }),
      'kind of rule 1 of the format odd: expected "invalid"',
    ],
    [
      'has a rule of no severity',
      rule({ severity: 'fatal' }),
      'severity of rule 1 of the format odd: expected "error"',
    ],
    ['features as a list', { ...plain, features: () => ['a'] }, 'a Set from `features`'],
    ['has a rule that yields a text', rule({ check: () => ['no'] }), 'the rule odd/rule: expected'],
    [
      'has a rule that yields nothing',
      rule({ check: () => undefined }),
      'violations, got undefined',
    ],
    ['has a rule that yields a promise', rule({ check: async () => [] }), 'got a promise'],
    [
      'has a rule that names no place',
      rule({ check: () => [{ message: 'no' }] }),
      'a diagnostic of the rule odd/rule: missing key path',
    ],
    [
      'has a rule whose message is a number',
      rule({ check: () => [{ path: [], message: 1 }] }),
      'expected a string, got 1',
    ],
  ])('a format of its own that %s', (_name, format, words) => {
    expect(odd(format)).toThrow(UserError)
    expect(odd(format)).toThrow(words)
  })

  test.each([
    ['a promise', async () => [], 'a promise'],
    ['a path', () => ['secrets/a'], 'expected an object, got "secrets/a"'],
    ['no recipe', () => [{ path: 'secrets/a', readers: [] }], 'missing key recipe'],
    [
      'an unknown recipe',
      () => [{ path: 'secrets/a', recipe: { kind: 'dice' }, readers: [] }],
      'recipe.kind of a secret file of source 1 of stack shop: expected "random"',
    ],
    [
      'readers by name',
      () => [{ path: 'secrets/a', recipe: { kind: 'random' }, readers: ['app'] }],
      'expected the number of a user, got "app"',
    ],
  ])('secrets of its own: %s', (_name, secrets, words) => {
    const created = () => synthesize(stack('shop', [{ ...motd, secrets: secrets as never }]))
    expect(created).toThrow(UserError)
    expect(created).toThrow(words)
  })

  test('rejects secrets that are not a function', () => {
    expect(() => loose('shop', [{ ...motd, secrets: [] }])).toThrow(
      'expected a function as secrets',
    )
  })

  test.each([
    [{ kind: 'stack' }, 'stack: invalid name undefined'],
    [{ kind: 'stack', name: 'shop' }, 'stack shop: expected a list of sources'],
    [
      { kind: 'stack', name: 'shop', sources: [1], suppressions: [] },
      'expected a source, got number',
    ],
    [{ kind: 'stack', name: 'shop', sources: [] }, 'stack shop: expected a list of suppressions'],
  ])('made by hand: %j', (created, words) => {
    expect(() => synthesize(created as never)).toThrow(words)
  })
})
