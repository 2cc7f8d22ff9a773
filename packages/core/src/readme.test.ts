import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { emptyFolder } from './testing/tree.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!)
const index = new URL('./index.ts', import.meta.url).href
const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** Runs a block as a module of its own; what it exports by default is synthesized and shown. */
function runBlock(block: string): { stdout: string; folder: string } {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(
    join(repository, 'packages/core/node_modules/diff'),
    join(folder, 'node_modules/diff'),
  )
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const here = (text: string) => text.replaceAll("'@erlmcp/core'", JSON.stringify(index))
  writeFileSync(join(folder, 'block.ts'), here(block))
  writeFileSync(
    join(folder, 'main.ts'),
    here(`import * as block from './block.ts'
import { isStack, synthesize } from '@erlmcp/core'
const value = (block as { default?: unknown }).default
if (isStack(value)) {
  const { artifacts, diagnostics } = synthesize(value)
  console.log(diagnostics.length, artifacts.map(({ path, text }) => path + '\\n' + text).join(''))
}
`),
  )
  const tsx = pathToFileURL(join(repository, 'node_modules/tsx/dist/loader.mjs')).href
  const stdout = execFileSync(process.execPath, ['--import', tsx, 'main.ts'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { stdout, folder }
}

test('the README has the blocks that are run here', () => {
  expect(blocks).toHaveLength(4)
})

test('a stack', () => {
  expect(runBlock(blocks[0]!).stdout).toMatch(/^0 config\/motd\n# Made by .*\n.*\nWelcome\n/)
})

test('a source of your own, and its rule', () => {
  expect(runBlock(blocks[1]!).stdout).toContain('app - nofile 1024\npostgres - nofile 2048\n')
  const worse = blocks[1]!.replace('postgres: 2048', 'postgres: 9000')
  expect(runBlock(worse).stdout).toMatch(/^1 limits\.conf/)
})

test('a diagnostic that you accept', () => {
  expect(runBlock(blocks[2]!).stdout).toMatch(/^1 config\/motd\nWelcome\n/)
})

test('from a program', () => {
  const { stdout, folder } = runBlock(blocks[3]!)
  expect(stdout).toBe('')
  expect(readFileSync(join(folder, 'deploy/motd'), 'utf8')).toBe('Welcome\n')
})
