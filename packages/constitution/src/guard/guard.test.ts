import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, uninstallGuard } from '../run.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp guard é-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  chmodSync(join(root, path), mode)
}

const git = (...argv: string[]) => execFileSync('git', argv, { cwd: root, encoding: 'utf8' })

function gitInit(): void {
  git('init', '-q', '-b', 'main')
  git('config', 'user.email', 'a@example.org')
  git('config', 'user.name', 'A')
}

/** Everything below the folder, to the byte: kind, mode, and content or target. */
function treeOf(folder: string): Record<string, string> {
  const tree: Record<string, string> = {}
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    const stat = lstatSync(path)
    const mode = stat.mode.toString(8)
    tree[name] = stat.isFile()
      ? `${mode} ${readFileSync(path, 'base64')}`
      : stat.isSymbolicLink()
        ? `${mode} ${readlinkSync(path)}`
        : mode
  }
  return tree
}

describe('uninstall restores the tree byte for byte', () => {
  const before: Record<string, () => void> = {
    'a folder without git': () => put('a.txt', 'a'),
    'a repository': () => gitInit(),
    'a repository without a hooks folder': () => {
      gitInit()
      rmSync(join(root, '.git/hooks'), { recursive: true })
    },
    'a repository with hooks': () => {
      gitInit()
      put('.git/hooks/pre-commit', '#!/bin/sh\nexit 0\n', 0o755)
      put('.git/hooks/pre-push', 'not executable\n', 0o644)
    },
    'a repository whose hook is a link': () => {
      gitInit()
      put('scripts/hook.sh', '#!/bin/sh\n', 0o755)
      symlinkSync('../../scripts/hook.sh', join(root, '.git/hooks/pre-commit'))
    },
    'a repository with core.hooksPath': () => {
      gitInit()
      git('config', 'core.hooksPath', '.husky/_')
      put('.husky/_/pre-commit', '#!/bin/sh\nexit 0\n', 0o755)
    },
    'a project with a manifest and an .envrc without a last line break': () => {
      gitInit()
      put('.erlmcp/manifest.json', '{}')
      put('.envrc', 'use node')
    },
  }
  test.each(Object.keys(before))('%s', (name) => {
    before[name]!()
    const tree = treeOf(root)
    installGuard(root, constitution(), { envrc: true })
    const once = treeOf(root)
    expect(Object.keys(once).length).toBeGreaterThan(Object.keys(tree).length)
    installGuard(root, constitution(), { envrc: true })
    expect(treeOf(root)).toEqual(once)
    expect(uninstallGuard(root)).toEqual({ found: true, kept: [] })
    expect(treeOf(root)).toEqual(tree)
    expect(uninstallGuard(root)).toEqual({ found: false, kept: [] })
  })

  test('after the shims were removed by hand', () => {
    gitInit()
    const tree = treeOf(root)
    installGuard(root, constitution())
    rmSync(join(root, '.erlmcp'), { recursive: true })
    expect(uninstallGuard(root)).toEqual({ found: true, kept: [] })
    expect(treeOf(root)).toEqual(tree)
  })
})

describe('hooks', () => {
  /** A fake erlmcp that prints its arguments. */
  const putErlmcp = (folder: string, code: number) =>
    put(
      `${folder}node_modules/.bin/erlmcp`,
      `#!/bin/sh\necho "erlmcp $*" >&2\nexit ${code}\n`,
      0o755,
    )

  function commit() {
    const argv = ['commit', '-q', '--allow-empty', '-m', 'a']
    const { status, stderr } = spawnSync('git', argv, { cwd: root, encoding: 'utf8' })
    return { status, stderr }
  }

  test('a commit fails when the scan fails', () => {
    gitInit()
    installGuard(root, constitution())
    putErlmcp('', 1)
    expect(commit()).toEqual({ status: 1, stderr: 'erlmcp guard scan\n' })
    putErlmcp('', 0)
    expect(commit().status).toBe(0)
  })

  test('an existing hook runs first, with its arguments and input', () => {
    gitInit()
    put('.git/hooks/pre-push', '#!/bin/sh\necho "mine $1" >&2; cat >&2; exit "$HOOK"\n', 0o755)
    const { hooks } = installGuard(root, constitution())
    expect(hooks).toEqual([
      { path: join(root, '.git/hooks/pre-commit'), chained: false },
      { path: join(root, '.git/hooks/pre-push'), chained: true },
    ])
    putErlmcp('', 0)
    const push = (code: string) =>
      spawnSync(join(root, '.git/hooks/pre-push'), ['origin'], {
        cwd: root,
        encoding: 'utf8',
        input: 'refs\n',
        env: { ...process.env, HOOK: code },
      })
    expect(push('0')).toMatchObject({ status: 0, stderr: 'mine origin\nrefs\nerlmcp guard scan\n' })
    expect(push('5')).toMatchObject({ status: 5, stderr: 'mine origin\nrefs\n' })
  })

  test('scans a project in a folder of its repository', () => {
    gitInit()
    const project = join(root, "it's/app")
    mkdirSync(project, { recursive: true })
    installGuard(project, constitution())
    put('node_modules/.bin/erlmcp', '#!/bin/sh\npwd >&2\nexit 1\n', 0o755)
    expect(commit()).toMatchObject({ status: 1, stderr: `${project}\n` })
  })

  test('without erlmcp a commit fails and the message says how to go on', () => {
    gitInit()
    installGuard(root, constitution())
    const { status, stderr } = commit()
    expect(status).toBe(1)
    expect(stderr).toContain('Run npm install. To skip the scan, use --no-verify.')
  })

  test('a changed hook is kept and reported', () => {
    gitInit()
    installGuard(root, constitution())
    const hook = join(root, '.git/hooks/pre-commit')
    writeFileSync(hook, `${readFileSync(hook, 'utf8')}echo mine\n`)
    expect(uninstallGuard(root)).toEqual({ found: true, kept: [hook] })
    expect(readFileSync(hook, 'utf8')).toContain('echo mine')
  })

  test('hooks that other repositories use are not touched', () => {
    gitInit()
    git('config', 'core.hooksPath', dirname(root))
    expect(() => installGuard(root, constitution())).toThrow(
      /other repositories use the git hooks in .* too/,
    )
    expect(readdirSync(root)).toEqual(['.git'])
  })

  test('two existing hooks of one name are an error', () => {
    gitInit()
    put('.git/hooks/pre-commit', 'a')
    put('.git/hooks/pre-commit.before-erlmcp', 'b')
    expect(() => installGuard(root, constitution())).toThrow(/erlmcp wrote neither\n {2}Merge them/)
  })
})

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

test.skipIf(!hasShellcheck)('passes shellcheck (skipped without shellcheck)', () => {
  gitInit()
  installGuard(root, constitution({ files: ["it's.yml"] }))
  const bin = join(root, '.erlmcp/guard/bin')
  const shims = readdirSync(bin).map((name) => join(bin, name))
  const hooks = ['pre-commit', 'pre-push'].map((name) => join(root, '.git/hooks', name))
  const files = [join(root, '.erlmcp/guard/guard.sh'), ...shims, ...hooks]
  const { status, stdout } = spawnSync('shellcheck', files, { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})

test('does not touch hooks that husky generates', () => {
  gitInit()
  put('.husky/_/pre-commit', '. "${0%/*}/h"', 0o755)
  git('config', 'core.hooksPath', '.husky/_')
  const before = treeOf(join(root, '.husky'))
  expect(installGuard(root, constitution())).toEqual({
    hooks: undefined,
    husky: join(realpathSync(root), '.husky'),
  })
  expect(treeOf(join(root, '.husky'))).toEqual(before)
  expect(readdirSync(join(root, '.erlmcp/guard/bin'))).toContain('rebar3')
  uninstallGuard(root)
  expect(treeOf(join(root, '.husky'))).toEqual(before)
})

test.each(['{', 'null', '{"folders":[1]}'])('uninstalls with an invalid state file: %s', (text) => {
  put('.envrc', 'dotenv\n')
  installGuard(root, constitution(), { envrc: true })
  put('.erlmcp/guard/state.json', text)
  installGuard(root, constitution())
  put('.erlmcp/guard/state.json', text)
  expect(uninstallGuard(root).found).toBe(true)
  expect(readFileSync(join(root, '.envrc'), 'utf8')).toBe('dotenv\n')
})

test.each(['.erlmcp', '.git/hooks'])('a file at %s is an error with a hint', (path) => {
  gitInit()
  rmSync(join(root, path), { recursive: true, force: true })
  put(path, '')
  expect(() => installGuard(root, constitution())).toThrow(/\n {2}\S/)
})
