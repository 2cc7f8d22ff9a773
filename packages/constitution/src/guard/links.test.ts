import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, uninstallGuard } from '../run.ts'

let base: string
let root: string
let outside: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'erlmcp-links-'))
  root = join(base, 'project')
  outside = join(base, 'outside')
  mkdirSync(root)
  mkdirSync(outside)
  writeFileSync(join(outside, 'file'), 'theirs\n')
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

const theirs = () => ({
  names: readdirSync(outside),
  text: readFileSync(join(outside, 'file'), 'utf8'),
})
const untouched = { names: ['file'], text: 'theirs\n' }

/** The path of a link, and its target: a file, a folder, or nothing. */
const links = [
  ['.erlmcp', '.'],
  ['.erlmcp', 'gone'],
  ['.erlmcp/guard', '.'],
  ['.erlmcp/guard', 'gone'],
  ['.envrc', 'file'],
  ['.envrc', 'gone'],
] as const

function link(path: string, to: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(join(outside, to), join(root, path))
}

describe.each(links)('%s is a link to %s outside of the project', (path, to) => {
  test('guard install --envrc fails and writes nothing', () => {
    link(path, to)
    expect(() => installGuard(root, constitution(), { envrc: true })).toThrow(
      /is a symbolic link, and erlmcp does not write through links/,
    )
    expect(theirs()).toEqual(untouched)
    expect(lstatSync(join(root, path)).isSymbolicLink()).toBe(true)
    if (path === '.envrc') expect(existsSync(join(root, '.erlmcp'))).toBe(false)
  })

  test('guard uninstall removes nothing there', () => {
    installGuard(root, constitution(), { envrc: true })
    rmSync(join(root, path), { recursive: true })
    link(path, to)
    expect(() => uninstallGuard(root)).toThrow(/symbolic link/)
    expect(theirs()).toEqual(untouched)
  })
})

test('guard install without --envrc ignores a linked .envrc', () => {
  link('.envrc', 'file')
  installGuard(root, constitution())
  expect(uninstallGuard(root).found).toBe(true)
  expect(theirs()).toEqual(untouched)
})

test('an edited state file removes no other folder', () => {
  installGuard(root, constitution())
  const empty = join(base, 'empty')
  mkdirSync(empty)
  const state = join(root, '.erlmcp/guard/state.json')
  writeFileSync(state, JSON.stringify({ folders: ['../empty', '.erlmcp'] }))
  uninstallGuard(root)
  expect(existsSync(empty)).toBe(true)
  expect(existsSync(join(root, '.erlmcp'))).toBe(false)
})

test('.envrc keeps its mode', () => {
  writeFileSync(join(root, '.envrc'), 'dotenv\n', { mode: 0o600 })
  installGuard(root, constitution(), { envrc: true })
  expect(lstatSync(join(root, '.envrc')).mode & 0o777).toBe(0o600)
})
