import { expect, test } from 'vitest'
import { ignoredBy } from './ignore-file.ts'

test.each([
  ['_build/prod', ['_build'], '_build'],
  ['./_build/', ['/_build'], '_build'],
  ['docs/a.md', ['**/*.md'], '**/*.md'],
  ['a.md', ['**/*.md'], '**/*.md'],
  ['docs/a.md', ['*.md'], undefined],
  ['secrets/key', ['secret?'], 'secret?'],
  ['build', ['_build'], undefined],
  // A pattern, the root and a file with exceptions: nobody can tell.
  ['*.md', ['**'], undefined],
  ['.', ['**'], undefined],
  ['apps', ['*', '!apps'], undefined],
])('%s with %j', (path, patterns, expected) => {
  const found = ignoredBy(path, patterns)
  expect(found?.replace(/^\//, '')).toBe(expected)
})
