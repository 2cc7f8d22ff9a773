import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUserError } from '@erlmcp/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportBase } from './base.ts'

let repository: string
let target: string
const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid']
const git = (...args: string[]) =>
  execFileSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8' }).trim()

function commit(files: Record<string, string>, message: string): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(repository, path, '..'), { recursive: true })
    writeFileSync(join(repository, path), text)
  }
  git('add', '--all')
  git('commit', '--quiet', '--no-verify', '--message', message)
  return git('rev-parse', 'HEAD')
}

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'erlmcp-bench-'))
  target = join(repository, '.git/base')
  git('init', '--quiet', '--initial-branch', 'main')
})
afterEach(() => rmSync(repository, { recursive: true, force: true }))

const written = () => readdirSync(target, { recursive: true }).map(String).sort()

test('exports the merge base, without later commits', () => {
  const base = commit({ 'rebar.config': 'old', 'bench/a b.erl': 'x' }, 'one')
  git('switch', '--quiet', '--create', 'feature')
  commit({ 'rebar.config': 'mine' }, 'two')
  git('switch', '--quiet', 'main')
  commit({ 'rebar.config': 'theirs' }, 'three')
  git('switch', '--quiet', 'feature')
  expect(exportBase(repository, 'main', target)).toEqual({ commit: base, folder: target })
  expect(written()).toEqual(['bench', 'bench/a b.erl', 'rebar.config'])
  expect(readFileSync(join(target, 'rebar.config'), 'utf8')).toBe('old')
})

test('exports a project in a folder of its repository, with files that git archive leaves out', () => {
  const files = { 'app/rebar.config': 'r', 'app/test/t.erl': 't', 'other/x': 'x' }
  const base = commit({ ...files, '.gitattributes': 'test export-ignore\n' }, 'one')
  expect(exportBase(join(repository, 'app'), base, target).commit).toBe(base)
  expect(written()).toEqual(['rebar.config', 'test', 'test/t.erl'])
})

test('leaves the work tree unchanged, and empties the folder', () => {
  commit({ a: 'old' }, 'one')
  writeFileSync(join(repository, 'a'), 'edited')
  writeFileSync(join(repository, 'b'), 'staged')
  git('add', 'b')
  const before = git('status', '--porcelain')
  mkdirSync(target)
  writeFileSync(join(target, 'stale'), '')
  exportBase(repository, 'HEAD', target)
  expect(written()).toEqual(['a'])
  expect(readFileSync(join(target, 'a'), 'utf8')).toBe('old')
  expect(git('status', '--porcelain')).toBe(before)
})

test.each([
  ['no-such', /unknown revision "no-such"/],
  ['--output=x', /unknown revision/],
  ['elsewhere', /unrelated histories/],
])('rejects the revision %s', (revision, message) => {
  commit({ a: '1' }, 'one')
  git('switch', '--quiet', '--orphan', 'elsewhere')
  commit({ b: '1' }, 'two')
  git('switch', '--quiet', 'main')
  expect(refusal(() => exportBase(repository, revision, target))).toMatch(message)
})

test('rejects a folder outside of git, and one that the base lacks', () => {
  const base = commit({ a: '1' }, 'one')
  commit({ 'new/rebar.config': '1' }, 'two')
  const outside = mkdtempSync(join(tmpdir(), 'erlmcp-bench-'))
  expect(refusal(() => exportBase(outside, 'HEAD', target))).toMatch(
    /git failed|git command not found/,
  )
  rmSync(outside, { recursive: true })
  const project = join(repository, 'new')
  expect(refusal(() => exportBase(project, base, target))).toMatch(/has no folder new/)
})

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (isUserError(error)) return error.summary
    throw error
  }
  return 'no error'
}
