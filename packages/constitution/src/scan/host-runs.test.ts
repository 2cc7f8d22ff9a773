import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { constitution } from '../index.ts'
import { installGuard, scan, shimFolder } from '../run/index.ts'
import { hostRuns, putProject, putSpies, runs } from '../testing/host-runs.ts'
import { writtenWays } from '../testing/written-ways.ts'

let base: string

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'erlmcp-host-'))
  putSpies(base)
  installGuard(base, constitution())
})

afterAll(() => rmSync(base, { recursive: true, force: true }))

/** A new project of each way, so that none sees what another one left. */
function projects(kind: string) {
  return hostRuns.map((row, index) => {
    const folder = join(base, `${kind}-${index}`)
    putProject(folder, row)
    return { row, folder }
  })
}

const found = (folder: string) =>
  scan(folder, constitution()).diagnostics.filter(
    ({ rule }) => rule === 'constitution/host-execution',
  )

test(`each of ${hostRuns.length} ways runs a program of Erlang where there is no guard`, () => {
  expect(hostRuns.length).toBeGreaterThan(124)
  const dead = projects('plain').filter(({ row, folder }) => !runs(folder, row, base))
  expect(dead.map(({ row }) => row.way)).toEqual([])
}, 120_000)

test('the scan finds every one of them in the files', () => {
  const missed = projects('scanned').filter(({ folder }) => found(folder).length === 0)
  expect(missed.map(({ row }) => row.way)).toEqual([])
}, 60_000)

test(`and ${writtenWays.length} lines more`, () => {
  const missed = writtenWays.filter((line) => {
    const folder = mkdtempSync(join(base, 'written-'))
    writeFileSync(join(folder, 'a.sh'), `${line}\n`)
    writeFileSync(join(folder, 'rebar.config'), '')
    return found(folder).length === 0
  })
  expect(missed).toEqual([])
}, 60_000)

test('the shims refuse all that look the program up on PATH', () => {
  const shims = join(base, shimFolder)
  const passed = projects('shims').filter(({ row, folder }) => runs(folder, row, base, shims))
  // A full path, a PATH of its own, or the variable that says to be a container.
  const names = /\$REAL|ERLMCP_IN_CONTAINER/
  const visible = ({ way, files }: (typeof hostRuns)[number]) =>
    names.test(way) || Object.values(files).some((text) => names.test(text))
  expect(passed.filter(({ row }) => !visible(row)).map(({ row }) => row.way)).toEqual([])
}, 120_000)

describe('no false alarm', () => {
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
    const folder = mkdtempSync(join(base, 'calm-'))
    writeFileSync(join(folder, 'a.sh'), `${text}\n`)
    writeFileSync(join(folder, 'rebar.config'), '')
    expect(found(folder)).toEqual([])
  })
})

describe('files that run commands without saying so', () => {
  const put = (files: Record<string, string>) => {
    const folder = mkdtempSync(join(base, 'files-'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return folder
  }
  const places = (folder: string) => found(folder).map(({ file, line }) => `${file}:${line}`)

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
    expect(places(put({ [path]: text }))).toEqual([`${path}:${line}`])
  })

  test('hooks where core.hooksPath says they are', () => {
    const folder = put({ 'ops/git/pre-commit': 'rebar3 ct\n', 'ops/git/notes.txt': '' })
    spawnSync('git', ['init', '-q'], { cwd: folder })
    expect(places(folder)).toEqual([])
    spawnSync('git', ['config', 'core.hooksPath', 'ops/git'], { cwd: folder })
    expect(places(folder)).toEqual(['ops/git/pre-commit:1'])
  })

  test('a script of another language is not taken for one of the shell', () => {
    const folder = put({
      'a.sh': './tools/a; sh tools/b.txt; . ./gone\n',
      'tools/a': '#!/usr/bin/env python3\nrebar3 ct\n',
      'tools/b.txt': '\0 rebar3 ct\n',
    })
    expect(places(folder)).toEqual([])
  })

  test('files that read each other are read once', () => {
    const folder = put({ 'a.sh': '. ./b.inc\n', 'b.inc': '. ./a.sh\n. ./b.inc\nrebar3 ct\n' })
    expect(places(folder)).toEqual(['b.inc:3'])
  })
})
