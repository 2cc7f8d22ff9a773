import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { constitution } from '../index.ts'
import { scan } from '../run.ts'
import { bypasses, invocations } from '../testing/invocations.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp scan é-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const found = (...paths: string[]) =>
  scan(root, constitution(), { paths }).diagnostics.map(
    ({ file, line, column, rule, message }) =>
      `${file}:${line}:${column} ${rule === 'constitution/host-execution' ? '' : rule}${message}`,
  )

/** The messages for a shell script. */
function inScript(text: string): string[] {
  put('a.sh', text)
  return scan(root, constitution(), { paths: ['a.sh'] }).diagnostics.map(({ message }) => message)
}

describe('shell scripts', () => {
  test('finds what a shell runs, with line and column', () => {
    put(
      'bin/check',
      `#!/usr/bin/env bash
set -euo pipefail
# rebar3 in a comment
echo "rebar3 ct"; echo 'erl'
cd app && TERM=dumb rebar3 ct \\
  --cover | tee log
if ! coverage=$(./rebar3 cover | tail -1); then
  sudo -u daemon timeout -k 5 60 /usr/bin/dialyzer --src src
fi
bash -euo pipefail -c 'cd x && erlc "a b.erl"'
find . -name '*.erl' -print0 | xargs -0 -n 1 erlc
sh <<'END'
  epmd -daemon
END
`,
    )
    expect(found()).toEqual([
      'bin/check:5:21 `rebar3 ct --cover` runs on the host',
      'bin/check:7:17 `./rebar3 cover` runs on the host',
      'bin/check:8:34 `/usr/bin/dialyzer --src src` runs on the host',
      "bin/check:10:32 `erlc 'a b.erl'` runs on the host",
      'bin/check:11:46 `erlc` runs on the host',
      'bin/check:13:3 `epmd -daemon` runs on the host',
    ])
  })

  test('the hint is the Docker form', () => {
    put('a.sh', 'rebar3 ct --suite $SUITE "a b"\nrebar3 hex publish\n')
    const { diagnostics } = scan(root, constitution())
    expect(diagnostics.map(({ hint }) => hint)).toEqual([
      "In Docker: docker compose run --rm erlmcp-ct rebar3 ct --suite $SUITE 'a b'",
      expect.stringMatching(/^It has no Docker form: unknown task `rebar3 hex`/),
    ])
  })

  test.each([
    'docker compose run --rm erlmcp-ct rebar3 ct',
    'docker compose -f a.yml exec app sh -c "rebar3 ct"',
    'docker run --rm -v "$PWD:/w" erlang:28 rebar3 ct',
    'docker exec app erl -eval ok',
    'docker build --target test . && docker stack deploy -c a.yml erlmcp',
    'kubectl apply --dry-run=server -f k8s/',
    'ssh build.example.org rebar3 ct',
    'echo rebar3 ct; printf "%s" erl',
    'command -v rebar3 >/dev/null || which erl || type erlc',
    'test -x rebar3 && chmod +x rebar3 && cp rebar3 bin/',
    'curl -fLo rebar3 https://example.org/rebar3',
    'cat <<END\nrebar3 ct\nEND',
    ': "rebar3 ct" # rebar3 ct',
    'case $1 in rebar3) ;; erl | erlc) ;; esac',
    'for tool in rebar3 erl; do :; done',
    'rebar3() { docker compose run --rm erlmcp-build rebar3 "$@"; }; rebar3 compile',
    'programs=(rebar3 erl)',
    'grep -r rebar3 .',
    'make all; make CC=gcc -C c_src',
    'sudo apt-get install -y erlang rebar3',
  ])('finds nothing in: %s', (text) => {
    expect(inScript(text)).toEqual([])
  })

  test.each([
    ['REBAR=rebar3\n$REBAR ct', '`rebar3 ct` runs on the host'],
    ['REBAR=${REBAR:-./rebar3}\n"${REBAR}" ct', '`./rebar3 ct` runs on the host'],
    ['${R:=rebar3} ct', '`rebar3 ct` runs on the host'],
    ['$REBAR3 ct', '`rebar3 ct` runs on the host'],
    ['R="$(cd "$(dirname "$0")" && pwd)/rebar3"\n"$R" ct', '`"$R" ct` runs on the host'],
    ['C="rebar3 as test"\n$C eunit', '`rebar3 as test eunit` runs on the host'],
    ['eval "rebar3 $1"', '`rebar3 $1` runs on the host'],
    ["trap 'epmd -kill' EXIT", '`epmd -kill` runs on the host'],
    ['busybox sh -c "erl"', '`erl` runs on the host'],
    ["su app -c 'erl -noshell'", '`erl -noshell` runs on the host'],
    ['asdf exec rebar3 ct', '`rebar3 ct` runs on the host'],
    ['./scripts/cover.escript a', '`escript ./scripts/cover.escript a` runs on the host'],
    ['sh <<<"rebar3 ct"', '`rebar3 ct` runs on the host'],
    ['flock -w 5 lock rebar3 ct', '`rebar3 ct` runs on the host'],
  ])('%s', (text, message) => {
    expect(inScript(text)).toEqual([message])
  })

  const isOwn = (line: string) => !/^(?:\.\/|make|git |perl|printf)/.test(line)

  test('finds every invocation that the shims refuse and that needs no other file', () => {
    const own = invocations.filter(isOwn)
    expect(own.length).toBeGreaterThan(45)
    expect(own.filter((line) => inScript(line).length === 0)).toEqual([])
  })

  test('finds the bypasses of the shims', () => {
    expect(bypasses.filter((line) => inScript(line).length === 0)).toEqual([])
  })
})

describe('workflows', () => {
  test('finds one-line and block `run`, with expressions', () => {
    put(
      '.github/workflows/ci.yml',
      `on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: rebar3 compile
      - run: |
          echo "\${{ github.event.head_commit.message }}"

          rebar3 ct --suite=\${{ matrix.suite }}
      - run: >-
          cd app &&
          erl -eval 'ok.'
      - run: "echo a\\n\\\\\\n rebar3 xref"
      - shell: python
        run: rebar3 ct
      - uses: nick-fields/retry@v3
        with:
          command: rebar3 dialyzer
      - uses: actions/github-script@v8
        with:
          script: rebar3 ct
  contained:
    container: erlang:28
    steps:
      - run: rebar3 ct
`,
    )
    expect(found()).toEqual([
      '.github/workflows/ci.yml:6:14 `rebar3 compile` runs on the host',
      '.github/workflows/ci.yml:10:11 `rebar3 ct --suite=${{ matrix.suite }}` runs on the host',
      '.github/workflows/ci.yml:13:11 `erl -eval ok.` runs on the host',
      '.github/workflows/ci.yml:14:28 `rebar3 xref` runs on the host',
      '.github/workflows/ci.yml:19:20 `rebar3 dialyzer` runs on the host',
    ])
  })

  test('reads composite actions, parallel steps and aliases', () => {
    put('.github/actions/a/action.yml', 'runs:\n  steps: [{run: erlc a.erl, shell: sh}]\n')
    put(
      '.github/workflows/b.yaml',
      'jobs:\n  a:\n    steps:\n      - &ct\n        run: rebar3 ct\n      - parallel:\n          - *ct\n          - run: erl\n',
    )
    expect(found()).toEqual([
      '.github/actions/a/action.yml:2:17 `erlc a.erl` runs on the host',
      '.github/workflows/b.yaml:5:14 `rebar3 ct` runs on the host',
      '.github/workflows/b.yaml:5:14 `rebar3 ct` runs on the host',
      '.github/workflows/b.yaml:8:18 `erl` runs on the host',
    ])
  })

  test('reports a syntax error and scans the rest', () => {
    put('.github/workflows/a.yml', 'jobs:\n  a:\n    steps:\n      - run: rebar3 ct\n  b: [\n')
    const messages = found()
    expect(messages).toContain('.github/workflows/a.yml:4:14 `rebar3 ct` runs on the host')
    expect(messages.join('\n')).toMatch(/a\.yml:1:1 constitution\/unreadable.*cannot be parsed: /)
  })
})

describe('Makefiles', () => {
  test('finds recipes with variables, and what $(shell …) runs', () => {
    put('rebar.config', '')
    put(
      'Makefile',
      `# rebar3 in a comment
REBAR ?= $(shell command -v rebar3 || echo ./rebar3)
ERLC = $(BIN)/erlc # the compiler
VSN := $(shell rebar3 version)
.PHONY: all
all: compile ; @erl -noshell
compile:
\t@$(REBAR) as $(PROFILE) compile && \\
\t  echo "$$(typer a.erl)"
\t-\${ERLC} $< $@
docker:
\tdocker compose run --rm erlmcp-ct make ct
other:
\t$(MAKE) -C c_src
\t+$(MAKE) eunit
`,
    )
    expect(found()).toEqual([
      'Makefile:4:16 `rebar3 version` runs on the host',
      'Makefile:6:17 `erl -noshell` runs on the host',
      'Makefile:8:3 `rebar3 as $(PROFILE) compile` runs on the host',
      'Makefile:9:13 `typer a.erl` runs on the host',
      'Makefile:10:3 `$(BIN)/erlc $< $@` runs on the host',
      'Makefile:15:3 `make eunit` runs on the host',
    ])
  })

  test('reports make goals only in an Erlang project', () => {
    put('a.sh', 'make test\nmake docs\n')
    expect(found()).toEqual([])
    put('rebar.config', '')
    expect(found()).toEqual(['a.sh:1:1 `make test` runs on the host'])
  })
})

test('scripts of package.json', () => {
  put('package.json', '{\n  "scripts": {\n    "test": "echo \\"a\\" && rebar3 ct"\n  }\n}\n')
  expect(found()).toEqual(['package.json:3:28 `rebar3 ct` runs on the host'])
})

describe('a comment allows a command', () => {
  test('on its line, on the line above, and in the whole file', () => {
    put(
      'a.sh',
      'rebar3 ct # erlmcp-guard: allow the image is not built yet\n# erlmcp-guard: allow bootstrap\nerl\nerlc\n',
    )
    put('entrypoint.sh', '#!/bin/sh\n# erlmcp-guard: allow-file runs in the image\nerl\nerlc\n')
    expect(found()).toEqual([
      'a.sh:4:1 `erlc` runs on the host',
      'a.sh:1:1 constitution/allowed`rebar3 ct` is allowed: the image is not built yet',
      'a.sh:3:1 constitution/allowed`erl` is allowed: bootstrap',
      'entrypoint.sh:3:1 constitution/allowed`erl` is allowed: runs in the image',
      'entrypoint.sh:4:1 constitution/allowed`erlc` is allowed: runs in the image',
    ])
  })

  test('with a reason only', () => {
    put('a.sh', 'rebar3 ct # erlmcp-guard: allow\n')
    expect(found()).toEqual([
      'a.sh:1:1 constitution/allowed-without-reason`rebar3 ct` is allowed without a reason',
    ])
  })
})

describe('scanned files', () => {
  test('leaves out container files, third-party files and files that git ignores', () => {
    for (const path of ['Dockerfile', 'rebar.config', 'README.md', 'src/a.erl', 'erlang.mk']) {
      put(path, 'all:\n\trebar3 ct\n')
    }
    for (const path of ['_build/a.sh', 'node_modules/a/a.sh', 'deps/b/run.sh', 'out/a.sh']) {
      put(path, 'rebar3 ct\n')
    }
    put('bin/tool', '#!/usr/bin/python3\nrebar3 ct\n')
    put('.gitignore', 'out\n')
    execFileSync('git', ['init', '-q'], { cwd: root })
    expect(found()).toEqual([])
    expect(found('out/a.sh')).toEqual(['out/a.sh:1:1 `rebar3 ct` runs on the host'])
    expect(found('out')).toEqual([])
  })

  test('accepts absolute paths', () => {
    put('out/a.sh', 'rebar3 ct')
    expect(found(join(root, 'out/a.sh'))).toEqual(['out/a.sh:1:1 `rebar3 ct` runs on the host'])
  })

  test('rejects other paths', () => {
    put('a.txt', '')
    expect(() => found('b.sh')).toThrow('b.sh does not exist')
    expect(() => found('a.txt')).toThrow('a.txt: expected a workflow, Makefile, shell script')
  })
})

test('scans any text, and every diagnostic is inside the file', () => {
  const piece = fc.constantFrom(
    ...['rebar3 ct', 'erl', '$', '${', '$(', ')', '}', "'", '"', '`', '\\', '\n', '\t', ' ', '#'],
    ...[
      '<<E',
      'E',
      '|',
      '&&',
      ';',
      'if',
      'fi',
      'sh -c',
      'eval',
      'find -exec',
      'A=',
      '${{ x }}',
      ':',
    ],
    ...[
      'jobs:',
      'run: |',
      'steps:',
      '- ',
      '&a',
      '*a',
      'all:',
      'define',
      '$(shell ',
      '$(MAKE)',
      'é',
    ],
  )
  const name = fc.constantFrom('a.sh', 'Makefile', 'package.json', '.github/workflows/a.yml')
  fc.assert(
    fc.property(name, fc.array(piece, { maxLength: 30 }), (path, pieces) => {
      const text = pieces.join('')
      put(path, text)
      for (const { line = 0, column = 0 } of scan(root, constitution(), { paths: [path] })
        .diagnostics) {
        expect(column).toBeGreaterThan(0)
        expect(column - 1).toBeLessThanOrEqual((text.split('\n')[line - 1] ?? '').length)
      }
    }),
    { numRuns: rounds(1000) },
  )
})
