import {
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
import { afterEach, beforeEach, expect, test } from 'vitest'
import { replaceFile } from '../index.ts'

let base: string
let root: string
let outside: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'erlmcp-replace-'))
  root = join(base, 'project')
  outside = join(base, 'outside')
  mkdirSync(root)
  mkdirSync(outside)
  writeFileSync(join(outside, 'file'), 'theirs\n')
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

const report = '.erlmcp/gates/report.html'

function link(path: string, to: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(join(outside, to), join(root, path))
}

function expectOutsideUnchanged(): void {
  expect(readdirSync(outside)).toEqual(['file'])
  expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('theirs\n')
}

test('creates folders, and replaces a file', () => {
  replaceFile(root, report, 'one')
  replaceFile(root, report, 'two', 0o600)
  expect(readFileSync(join(root, report), 'utf8')).toBe('two')
  expect(lstatSync(join(root, report)).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(root, '.erlmcp/gates'))).toEqual(['report.html'])
})

test.each([
  ['.erlmcp/gates', '.'],
  ['.erlmcp', '.'],
  ['.erlmcp', 'gone'],
])('does not write through the folder link %s to %s', (path, to) => {
  link(path, to)
  expect(() => replaceFile(root, report, 'ours')).toThrow(/symbolic link/)
  expectOutsideUnchanged()
})

test.each(['file', 'gone'])('replaces a link to %s', (to) => {
  link(report, to)
  replaceFile(root, report, 'ours')
  expect(readFileSync(join(root, report), 'utf8')).toBe('ours')
  expectOutsideUnchanged()
})
