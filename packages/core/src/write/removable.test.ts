import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { artifact } from '../document/artifact.ts'
import { textFile } from '../print/text.ts'
import { sha256 } from '../sha256.ts'
import { stack } from '../stack/stack.ts'
import { synthesize } from '../stack/synthesize.ts'
import { emptyFolder } from '../testing/tree.ts'
import { differences } from './drift.ts'
import { manifestPath } from './manifest.ts'
import { preview, write } from './write.ts'

/** A project whose manifest lists files by their true hashes, as one that was forged does. */
function forged(lists: Readonly<Record<string, readonly string[]>>, text = 'mine\n'): string {
  const root = emptyFolder()
  const sources = Object.entries(lists).map(([source, paths]) => [
    source,
    Object.fromEntries(paths.map((path) => [path, { sha256: sha256(text), mode: '0644' }])),
  ])
  const all = Object.values(lists).flat()
  for (const path of [...all, 'deploy/stack.ts', 'stack.ts']) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  mkdirSync(join(root, '.erlmcp'))
  const manifest = JSON.stringify({ version: 1, sources: Object.fromEntries(sources) })
  writeFileSync(join(root, manifestPath), manifest)
  return root
}

const set = [artifact('config/a.json', '{}\n')]

describe('a forged manifest removes nothing of the user', () => {
  test.each([
    '.projenrc.ts',
    'sub/.projenrc.js',
    'deploy/stack.mts',
    'deploy/Stack.ts',
    '.gitmodules',
    '.gitattributes',
    '.github/workflows/release.yml',
    '.husky/pre-commit',
    '.npmrc',
    '.env',
    'package.json',
    'packages/a/package.json',
    'package-lock.json',
    'pnpm-lock.yaml',
    'tsconfig.build.json',
    'node_modules/x.js',
    'apps/a/node_modules/b/data.json',
    'rebar.config',
    'src/main.erl',
    'lib/app.ts',
    'Dockerfile',
    'app.Dockerfile',
    'compose.yaml',
    '.gitignore',
  ])('%s', async (path) => {
    for (const force of [false, true]) {
      const root = forged({ 'stack.ts': [path] })
      const shown = await differences(await preview(root, set, { force }))
      expect(shown.find((one) => one.path === path)?.message).toMatch(
        /is no longer generated, but stays because (it is a stack|erlmcp does not generate such files|it lacks the header)/,
      )
      await write(root, set, { force })
      expect(readFileSync(join(root, path), 'utf8')).toBe('mine\n')
      expect(readFileSync(join(root, manifestPath), 'utf8')).not.toContain(`"${path}"`)
    }
  })

  test('what another stack makes', async () => {
    const root = forged({ 'stack.ts': ['a.json'], 'deploy/stack.ts': ['a.json'] })
    await write(root, set)
    expect(existsSync(join(root, 'a.json'))).toBe(true)
    expect(readFileSync(join(root, manifestPath), 'utf8')).toContain('"a.json"')
  })
})

test('what we made with a header, or without comments, is still removed', async () => {
  const root = emptyFolder()
  const documents = [
    textFile('config/app.yaml', 'a: 1\n', { comment: '#' }),
    textFile('config/app.json', '{}'),
    textFile('bin/start', '#!/bin/sh\n'),
    textFile('secrets/.gitignore', '*\n', { comment: '#' }),
  ]
  await write(root, synthesize(stack('s', [{ documents: () => documents }])).artifacts)
  const { steps } = await write(root, set)
  expect(steps.filter(({ action }) => action === 'remove')).toHaveLength(4)
})
