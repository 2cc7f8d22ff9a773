import { describe, expect, test } from 'vitest'
import { stack } from './stack.ts'
import { synthesize } from './synthesize.ts'
import { textFile } from './text.ts'

// What JavaScript, or TypeScript that nobody compiled, may say.
const loose = stack as (...values: unknown[]) => unknown

const motd = { documents: () => [textFile('motd', 'Welcome')] }

describe('a stack that does not compile is refused in words, at its line', () => {
  test.each([
    ['no name', [undefined, [motd]], 'stack name undefined'],
    ['no sources', ['shop'], 'the sources of stack shop are no list'],
    ['one source, not a list', ['shop', motd], 'the sources of stack shop are no list'],
    ['nothing as a source', ['shop', [motd, undefined]], 'has undefined among its sources'],
    ['a service', ['shop', [{ kind: 'service', name: 'web' }]], 'has the service web among'],
    ['a document', ['shop', [textFile('motd', 'Hi')]], 'has the document motd among'],
    ['waivers that are no list', ['shop', [motd], { waivers: 5 }], 'the waivers of stack shop'],
    ['a waiver of nothing', ['shop', [motd], { waivers: [{}] }], 'no rule'],
    ['a waiver that is none', ['shop', [motd], { waivers: [null] }], 'no rule'],
    ['no options', ['shop', [motd], null], 'the options of a stack are null'],
    ['a misspelt option', ['shop', [motd], { waiver: [] }], 'a stack has no option "waiver"'],
  ])('%s', (_name, values, words) => {
    expect(() => loose(...values)).toThrow(words)
    expect(() => loose(...values)).toThrow(/stack\.test\.ts:\d+:\d+: /)
  })

  test('a text file without text', () => {
    const file = textFile as (...values: unknown[]) => unknown
    expect(() => file('motd', 3)).toThrow(/stack\.test\.ts:\d+:\d+: .*its text is no string/)
    expect(() => file(undefined, '')).toThrow('its path is no string')
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
      new RegExp(`stack\\.test\\.ts:\\d+:\\d+: the mode of motd is ${shown}`),
    )
  })

  test.each([
    ['a promise of documents', async () => [textFile('a', '')], 'gives a promise'],
    ['nothing', () => undefined, 'gives undefined for a list'],
    ['a text', () => 'motd', 'gives string for a list'],
    ['a path alone', () => ['motd'], 'gives string for a document'],
    ['a document without a format', () => [{ path: 'motd' }], 'gives the document motd for a'],
  ])('a source of its own that gives %s', (_name, documents, words) => {
    const odd = stack('shop', [motd, { documents: documents as never }])
    expect(() => synthesize(odd)).toThrow(words)
    expect(() => synthesize(odd)).toThrow(/stack\.test\.ts:\d+:\d+: source 2 of stack shop/)
  })
})
