import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { dockerIgnoredBy, dockerIgnorePatterns, stack, synthesize, textFile } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { copy, dockerfile, stage } from '../../index.ts'

test.each<[string, string[], string | undefined]>([
  ['_build/prod', ['_build'], '_build'],
  ['./_build/', ['/_build'], '_build'],
  ['docs/a.md', ['**/*.md'], '**/*.md'],
  ['a.md', ['**/*.md'], '**/*.md'],
  ['docs/a.md', ['*.md'], undefined],
  ['secrets/key', ['secret?'], 'secret?'],
  ['build', ['_build'], undefined],
  ['.', ['**'], undefined],
  // The last pattern that matches decides.
  ['apps', ['*', '!apps'], undefined],
  ['apps/a/key.pem', ['*', '!apps', '**/*.pem'], '**/*.pem'],
  ['apps/a/priv/ca.pem', ['*', '!apps', '**/*.pem', '!apps/**/priv/**/*.pem'], undefined],
  ['apps/a/priv/tls/ca.pem', ['*', '!apps', '**/*.pem', '!apps/**/priv/**/*.pem'], undefined],
  ['a/b', ['!a', 'a'], 'a'],
  ['a/b/c', ['a', '!a/b'], undefined],
  ['a/x', ['a', '!a/b'], 'a'],
  // An exception for a folder is not asked for when nothing left the folder out.
  ['a/b', ['a/b', '!a'], 'a/b'],
  // `a/**` matches the content of a, not a itself.
  ['a', ['a/**'], undefined],
  ['a/b/c', ['a/**'], 'a/**'],
  ['x/a/b', ['a/**'], undefined],
  ['x/y/secrets/z', ['**/secrets'], '**/secrets'],
  ['x/mysecrets', ['**/secrets'], undefined],
  ['x/mysecrets', ['**secrets'], '**secrets'],
  ['a/b/c/d', ['a/**/d'], 'a/**/d'],
  ['a/d', ['a/**/d'], 'a/**/d'],
  ['a1', ['a[0-9]'], 'a[0-9]'],
  ['ab', ['a[^0-9]'], 'a[^0-9]'],
  ['a+b', ['a+b'], 'a+b'],
  ['a*b', ['a\\*b'], 'a\\*b'],
  ['axb', ['a\\*b'], undefined],
  ['a', ['['], undefined],
])('the path %s is matched against %j', (path, patterns, expected) => {
  expect(dockerIgnoredBy(path, dockerIgnorePatterns(patterns.join('\n')))).toBe(expected)
})

test('lines as the builder reads them', () => {
  const text = '\uFEFF# comment\n /a/ \n\n #b\n! /c\n./d/../e\n/\n!\r\n'
  expect(dockerIgnorePatterns(text)).toEqual(['a', '#b', '!c', 'e', '/'])
})

/** What the rule reports for a project with these files. */
function diagnosticsOf(files: Record<string, string>, ...sources: Parameters<typeof stack>[1]) {
  const root = mkdtempSync(join(tmpdir(), 'ignore-file-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  try {
    return synthesize(stack('app', sources), { root })
      .diagnostics.filter(({ rule }) => rule === 'dockerfile/copy-ignored-file')
      .map(({ severity, message }) => `${severity}: ${message}`)
  } finally {
    rmSync(root, { recursive: true })
  }
}

const copying = (...sources: [string, ...string[]]) =>
  dockerfile('Dockerfile', stage('app', 'debian:trixie-slim', [copy(sources, '/app/')]))

test.each<[string, string, Record<string, string>, string[]]>([
  ['a file', 'ca.pem', { 'ca.pem': '' }, ['error: ca.pem is excluded from the build']],
  ['a folder', 'secrets', { 'secrets/a': '' }, ['error: secrets is excluded from the build']],
  [
    'every file of a pattern',
    '*.pem',
    { 'a.pem': '' },
    ['error: *.pem is excluded from the build'],
  ],
  [
    'content of a folder',
    'priv',
    { 'priv/a/ca.pem': '' },
    ['priv is copied without priv/a/ca.pem'],
  ],
  ['a folder in a folder', 'src', { 'src/secrets/a.erl': '' }, ['without src/secrets/']],
])(
  'the ignore file of the project excludes %s, which is reported',
  (_, source, files, expected) => {
    const ignore = '*.pem\n**/*.pem\n**/secrets\n'
    const found = diagnosticsOf({ ...files, '.dockerignore': ignore }, copying(source))
    expect(found).toEqual(expected.map((text) => expect.stringContaining(text)))
  },
)

test('files that no image needs are not reported', () => {
  const ignore = '**/.git\n**/_build\n**/*.md\n**/test\nsrc/fixtures\n'
  const files = {
    ...{ 'src/.git/config': '', 'src/_build/a': '', 'src/a.md': '', 'src/test/a.erl': '' },
    ...{ 'src/fixtures/a': '', 'src/a.erl': '' },
  }
  expect(diagnosticsOf({ ...files, '.dockerignore': ignore }, copying('src'))).toEqual([])
  const all = { ...files, '.dockerignore': '**/*.erl\n' }
  expect(diagnosticsOf(all, copying('.'))).toEqual([])
})

test('an exception that names a copied path includes it', () => {
  const ignoreFile = textFile('.dockerignore', '*\n!src/a.erl\n!priv\n', { comment: '#' })
  const files = { 'src/a.erl': '', 'priv/ca.pem': '' }
  expect(diagnosticsOf(files, copying('src', 'priv'), { documents: () => [ignoreFile] })).toEqual(
    [],
  )
})
