import { expect, test } from 'vitest'
import { dockerIgnoredBy, dockerIgnorePatterns } from '../index.ts'

test.each([
  ['secrets', true],
  ['/secrets', true],
  ['secrets/', true],
  ['./secrets', true],
  ['secrets/key', true],
  ['secrets/*', true],
  ['*/key', true],
  ['**/key', true],
  ['**/secrets', true],
  ['**', true],
  ['*', true],
  ['s?crets', true],
  ['[a-z]ecrets', true],
  ['*\n!apps', true],
  ['*\n!secrets', false],
  ['secrets\n!secrets/key', false],
  ['!secrets\nsecrets', true],
  ['**\n!**/key', false],
  ['key', false],
  ['secret', false],
  ['# secrets', false],
  ['  secrets  ', true],
  ['', false],
  ['[', false],
])('%j keeps secrets/key out: %s', (text, expected) => {
  expect(dockerIgnoredBy('secrets/key', dockerIgnorePatterns(text)) !== undefined).toBe(expected)
})
