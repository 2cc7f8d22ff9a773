import { describe, expect, test } from 'vitest'
import { stack } from './stack.ts'
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
  ])('%s', (_name, values, words) => {
    expect(() => loose(...values)).toThrow(words)
    expect(() => loose(...values)).toThrow(/stack\.test\.ts:\d+:\d+: /)
  })

  test('a text file without text', () => {
    const file = textFile as (...values: unknown[]) => unknown
    expect(() => file('motd', 3)).toThrow(/stack\.test\.ts:\d+:\d+: .*its text is no string/)
    expect(() => file(undefined, '')).toThrow('its path is no string')
  })
})
