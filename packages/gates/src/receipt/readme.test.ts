import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyReceipts } from './index.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const section = /^## Receipts\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(readme)![1]!
const repository = fileURLToPath(new URL('../../../../', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp-readme-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the block of the README writes a receipt that verifies', () => {
  const [, block] = /^```ts\n([\s\S]*?)^```$/m.exec(section)!
  const index = new URL('./index.ts', import.meta.url).href
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'block.ts'),
    block!.replaceAll("'@erlmcp/gates/receipt'", JSON.stringify(index)),
  )
  const tsx = pathToFileURL(join(repository, 'node_modules/tsx/dist/loader.mjs')).href
  const hash = execFileSync(process.execPath, ['--import', tsx, 'block.ts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json') },
  }).trim()
  expect(verifyReceipts(folder)).toEqual({ ok: true, count: 1, head: hash, diagnostics: [] })
})
