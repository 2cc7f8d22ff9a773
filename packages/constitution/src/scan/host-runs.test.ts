import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, scan, shimFolder } from '../run.ts'
import { hostRuns, ranErlang, writePrograms, writeProject } from '../testing/host-runs.ts'
import { scriptLines } from '../testing/script-lines.ts'

let base: string

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'erlmcp-host-'))
  writePrograms(base)
  installGuard(base, constitution())
})

afterAll(() => rmSync(base, { recursive: true, force: true }))

/** A new project for each run. */
function projects(kind: string) {
  return hostRuns.map((row, index) => {
    const folder = join(base, `${kind}-${index}`)
    writeProject(folder, row)
    return { row, folder }
  })
}

const found = (folder: string) =>
  scan(folder, constitution()).diagnostics.filter(
    ({ rule }) => rule === 'constitution/host-execution',
  )

test(`each of ${hostRuns.length} host runs runs Erlang without a guard`, () => {
  expect(hostRuns.length).toBeGreaterThan(124)
  const idle = projects('plain').filter(({ row, folder }) => !ranErlang(folder, row, base))
  expect(idle.map(({ row }) => row.name)).toEqual([])
}, 120_000)

test('the scan finds all host runs', () => {
  const missed = projects('scanned').filter(({ folder }) => found(folder).length === 0)
  expect(missed.map(({ row }) => row.name)).toEqual([])
}, 60_000)

test(`the scan finds ${scriptLines.length} script lines`, () => {
  const missed = scriptLines.filter((line) => {
    const folder = mkdtempSync(join(base, 'line-'))
    writeFileSync(join(folder, 'a.sh'), `${line}\n`)
    writeFileSync(join(folder, 'rebar.config'), '')
    return found(folder).length === 0
  })
  expect(missed).toEqual([])
}, 60_000)

test('the shims refuse every host run that looks its program up on PATH', () => {
  const shims = join(base, shimFolder)
  const passed = projects('shims').filter(({ row, folder }) => ranErlang(folder, row, base, shims))
  // A full path, another PATH, or the variable of containers.
  const bypass = /\$REAL|ERLMCP_IN_CONTAINER/
  const visible = ({ name, files }: (typeof hostRuns)[number]) =>
    bypass.test(name) || Object.values(files).some((text) => bypass.test(text))
  expect(passed.filter(({ row }) => !visible(row)).map(({ row }) => row.name)).toEqual([])
}, 120_000)

describe('finds nothing in', () => {
  test.each([
    'for tool in rebar3 erl; do command -v "$tool"; done',
    'tools=(rebar3 erl); printf "%s\\n" "${tools[@]}"',
    'run() { docker compose run --rm erlmcp-ct "$@"; }; run rebar3 ct',
    'log() { echo "+ $*"; }; log rebar3 ct',
    'alias rebar3="docker compose run --rm erlmcp-build rebar3"; rebar3 ct',
    "env -S 'docker compose run --rm erlmcp-ct rebar3 ct'",
    'git commit -m "rebar3 ct"; git log --grep erl; git grep rebar3',
    'git bisect run docker compose run --rm erlmcp-ct rebar3 ct',
    'git config user.name erl; git config alias.ct commit',
    'make --eval="all: ; docker compose run --rm erlmcp-ct rebar3 ct"',
    'make CC=gcc CFLAGS="-O2 -DERL=1" all',
    'echo rebar3 ct | tee log; echo "rebar3 ct" >commands.txt',
    'echo rebar3 | xargs apt-get install -y; echo rebar3 | xargs -I{} echo {}',
    'cat <<E >Dockerfile\nRUN rebar3 ct\nE\ndocker build .',
    'cp rebar3 bin/; ln -s ../rebar3 bin/rebar3; install -m 755 rebar3 /usr/local/bin/',
    'read -r tool <<<rebar3; echo "$tool"',
    'perl -pe "s/rebar3/rebar/" file; awk "/erl/ {print}" file; sed -n "/rebar3/p" file',
    'python3 -c \'print("rebar3 ct")\'',
    'set -- rebar3 ct; docker compose run --rm erlmcp-ct "$@"',
    'ls *erl; rm -f erl*.log; ./*.sh',
    'ssh host "rebar3 ct"; scp rebar3 host:',
    'docker run --rm -v "$PWD:/w" erlang:28 sh -c "rebar3 ct" | tee log',
    'kubectl exec pod -- erl; podman run erlang:28 erl',
  ])('%s', (text) => {
    const folder = mkdtempSync(join(base, 'clean-'))
    writeFileSync(join(folder, 'a.sh'), `${text}\n`)
    writeFileSync(join(folder, 'rebar.config'), '')
    expect(found(folder)).toEqual([])
  })
})

describe('files of other tools', () => {
  const put = (files: Record<string, string>) => {
    const folder = mkdtempSync(join(base, 'files-'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return folder
  }
  const linesOf = (folder: string) => found(folder).map(({ file, line }) => `${file}:${line}`)

  test.each([
    ['lefthook.yml', 'pre-commit:\n  commands:\n    ct:\n      run: rebar3 ct\n', 4],
    ['.pre-commit-config.yaml', 'repos:\n  - hooks:\n      - entry: rebar3 ct\n', 3],
    ['Taskfile.yml', 'tasks:\n  ct:\n    cmds:\n      - rebar3 ct\n', 4],
    ['.travis.yml', 'script:\n  - rebar3 ct\n', 2],
    ['azure-pipelines.yml', 'steps:\n  - script: rebar3 ct\n', 2],
    ['.vscode/tasks.json', '{"tasks": [\n  {"command": "rebar3 ct"}]}\n', 2],
    ['package.json', '{\n  "lint-staged": {"*.erl": "rebar3 fmt"}\n}\n', 2],
    ['package.json', '{\n  "husky": {"hooks": {"pre-commit": "rebar3 ct"}}\n}\n', 2],
    ['Procfile', 'web: erl -noshell -s shop\n', 1],
    ['justfile', 'ct suite:\n  @rebar3 ct --suite={{suite}}\n', 2],
  ])('%s', (path, text, line) => {
    expect(linesOf(put({ [path]: text }))).toEqual([`${path}:${line}`])
  })

  test('hooks in core.hooksPath', () => {
    const folder = put({ 'ops/git/pre-commit': 'rebar3 ct\n', 'ops/git/notes.txt': '' })
    spawnSync('git', ['init', '-q'], { cwd: folder })
    expect(linesOf(folder)).toEqual([])
    spawnSync('git', ['config', 'core.hooksPath', 'ops/git'], { cwd: folder })
    expect(linesOf(folder)).toEqual(['ops/git/pre-commit:1'])
  })

  test('ignores scripts in other languages', () => {
    const folder = put({
      'a.sh': './tools/a; sh tools/b.txt; . ./gone\n',
      'tools/a': '#!/usr/bin/env python3\nrebar3 ct\n',
      'tools/b.txt': '\0 rebar3 ct\n',
    })
    expect(linesOf(folder)).toEqual([])
  })

  test('scans files that source each other once', () => {
    const folder = put({ 'a.sh': '. ./b.inc\n', 'b.inc': '. ./a.sh\n. ./b.inc\nrebar3 ct\n' })
    expect(linesOf(folder)).toEqual(['b.inc:3'])
  })
})
