import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { lazyModule } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'erlmcp-lazy-'))
const from = pathToFileURL(join(folder, 'index.js')).href
afterAll(() => rmSync(folder, { recursive: true }))

function install(name: string, text: string): void {
  mkdirSync(join(folder, 'node_modules', name), { recursive: true })
  writeFileSync(join(folder, 'node_modules', name, 'index.js'), text)
}

test('is loaded by the first call, once', () => {
  install('counted', 'globalThis.loads = (globalThis.loads ?? 0) + 1; exports.loads = loads')
  const counted = lazyModule<{ loads: number }>('counted', from)
  expect(globalThis).not.toHaveProperty('loads')
  expect([counted().loads, counted().loads]).toEqual([1, 1])
})

test('is what it provides while it is loaded, which may be more than it exports', () => {
  install('providing', 'provideRules({ rules: 1, more: 2 }); exports.rules = 1')
  const providing = lazyModule<{ rules: number; more: number }>('providing', from)
  Object.assign(globalThis, { provideRules: providing.provide })
  expect(providing()).toEqual({ rules: 1, more: 2 })
})

test('is named where it is not installed', () => {
  expect(() => lazyModule('absent', from)()).toThrow('cannot find the module absent')
})
