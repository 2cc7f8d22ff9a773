import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A run of an Erlang program on the host: the files of a project, and the command of the user. */
export interface HostRun {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly run: string
}

// A repository with two commits.
const repository = `git init -q . && git config user.name a && git config user.email a@b && git commit -qm a --allow-empty && git commit -qm b --allow-empty`

const script = (text: string): HostRun => ({
  name: text,
  files: { 'a.sh': `${text}\n` },
  run: 'bash a.sh',
})

const inFile = (path: string, text: string, run: string, more = {}): HostRun => ({
  name: `${path} (${run}): ${text}`,
  files: { [path]: `${text}\n`, ...more },
  run,
})

const makefile = (text: string, run = 'make'): HostRun => inFile('Makefile', text, run)

/** `$REAL` is the folder of the programs: a path in it bypasses the shims. */
export const hostRuns: readonly HostRun[] = [
  // Programs that run another program.
  ...[
    `env -S 'rebar3 ct'`,
    `env -S'rebar3 ct'`,
    `env --split-string='rebar3 ct'`,
    `env -vS 'rebar3 ct'`,
    `env -C . rebar3 ct`,
    `env --chdir=. -u A rebar3 ct`,
    `nice -n 5 rebar3 ct`,
    `nice -5 rebar3 ct`,
    `ionice -c 3 rebar3 ct`,
    `timeout --signal KILL 60 rebar3 ct`,
    `timeout --foreground -k 5 60 erl`,
    `stdbuf -o L rebar3 ct`,
    `setsid --wait rebar3 ct`,
    `taskset 1 rebar3 ct`,
    `chrt -o 0 rebar3 ct`,
    `prlimit --nofile=64 rebar3 ct`,
    `flock lock -c 'rebar3 ct'`,
    `flock lock sh -c 'rebar3 ct'`,
    `script -qec 'rebar3 ct' /dev/null`,
    `script -q -c 'rebar3 ct' /dev/null`,
    `time -p rebar3 ct`,
    `coproc rebar3 ct; wait`,
    `exec -a other rebar3 ct`,
    `command -p env PATH="$PATH" rebar3 ct`,
    `\\rebar3 ct`,
    `! rebar3 ct`,
    `unshare -Ur rebar3 ct`,
    `find . -maxdepth 0 -execdir rebar3 ct ';'`,
    `echo rebar3 ct | xargs -I{} sh -c '{}'`,
    `echo rebar3 | xargs -I % env % ct`,
    `echo 'rebar3 ct' | xargs env`,
    `printf 'ct\\0' | xargs -0 rebar3`,
    `sh -c '"$@"' _ rebar3 ct`,
    `sh -c '$0 ct' rebar3`,
    `bash -c 'exec "$0" "$@"' rebar3 ct`,
    `bash -ec "rebar3 ct"`,
    `bash -o errexit -c 'rebar3 ct'`,
    `bash --norc -c 'rebar3 ct'`,
    `git -c alias.x='!rebar3 ct' x`,
    `git init -q . && git config alias.t '!rebar3 ct' && git t`,
    `${repository} && git bisect start HEAD HEAD~1 && git bisect run rebar3 ct`,
    `${repository} && git rebase --root -x 'rebar3 ct'`,
    `${repository} && git rebase --root --exec='rebar3 ct'`,
    `${repository} && git filter-branch --tree-filter 'rebar3 ct' HEAD`,
    `${repository} && git -c core.editor='rebar3 ct; true' config -e`,
    `${repository} && git submodule foreach 'rebar3 ct'; eval rebar3 ct`,
    `python3 -c 'import os; os.system("rebar3 ct")'`,
    `python3 -c 'import subprocess as s; s.run(["rebar3", "ct"])'`,
    "perl -e '`rebar3 ct`'",
    `perl -e 'exec "rebar3", "ct"'`,
    `awk 'BEGIN { system("rebar3 ct") }'`,
    `node -e 'require("child_process").execSync("rebar3 ct")'`,
  ].map(script),
  // Words that the shell expands.
  ...[
    `cmd=(rebar3 ct); "\${cmd[@]}"`,
    `cmd=(rebar3); cmd+=(ct); "\${cmd[@]}"`,
    `declare -a cmd=(rebar3 ct); \${cmd[*]}`,
    `cmd=(echo rebar3); "\${cmd[1]}" ct`,
    `opts=(-noshell); erl "\${opts[@]}"`,
    `for tool in rebar3 erl; do $tool ct; done`,
    `for tool in rebar3 true; do "$tool" ct; done`,
    `for cmd in 'rebar3 ct' 'rebar3 xref'; do $cmd; done`,
    `for cmd in 'rebar3 ct'; do eval "$cmd"; done`,
    `for cmd in 'rebar3 ct'; do sh -c "$cmd"; done`,
    `while read -r cmd; do $cmd; done <<<'rebar3 ct'`,
    `while read -r tool; do $tool ct; done <<'E'\nrebar3\nE`,
    `echo rebar3 | while read -r tool; do "$tool" ct; done`,
    `read -r tool <<<rebar3; $tool ct`,
    `shopt -s expand_aliases\nalias r=rebar3\nr ct`,
    `shopt -s expand_aliases\nalias t='rebar3 ct'\nt`,
    `export TOOL=rebar3; $TOOL ct`,
    `f() { local tool=rebar3; $tool ct; }; f`,
    `readonly TOOL=rebar3; "$TOOL" ct`,
    `tool=reb; tool+=ar3; $tool ct`,
    `a=reb; "\${a}ar3" ct`,
    `name=TOOL; TOOL=rebar3; \${!name} ct`,
    `tool=; \${tool:-rebar3} ct`,
    `ci=1; \${ci:+rebar3} ct`,
    `set -- rebar3 ct; "$@"`,
    `set -- ct; rebar3 "$@"`,
    `printf -v tool rebar3; $tool ct`,
    `run() { "$@"; }; run rebar3 ct`,
    `run() { echo "+ $*"; "$@" || exit; }; run rebar3 ct`,
    `retry() { shift; "$@"; }; retry 3 rebar3 ct`,
    `go() { $1 ct; }; go rebar3`,
    `go() { eval "$1"; }; go 'rebar3 ct'`,
    `rebar3() { command rebar3 "$@"; }; rebar3 ct`,
    `{rebar3,ct}`,
    `$'\\x72ebar3' ct`,
    `tool=$(command -v rebar3); $tool ct`,
    `tool=$(type -P rebar3); $tool ct`,
    `tool=$(echo rebar3); $tool ct`,
    `"$(which rebar3)" ct`,
    `"$(readlink -f "$(command -v rebar3)")" ct`,
    `$(printf 'rebar3 ct')`,
    `case x in x) rebar3 ct ;; esac`,
    `[[ $(rebar3 ct) ]] || true`,
    `echo $(( $(rebar3 ct | wc -l) + 1 ))`,
    `echo "\${x:-$(rebar3 ct)}"`,
    `cat <<E\n$(rebar3 ct)\nE`,
    `diff <(rebar3 ct) /dev/null`,
    `all=($(rebar3 tree))`,
    `for line in $(rebar3 tree); do :; done; true $(rebar3 ct)`,
    `if true; then tool=rebar3; else tool=true; fi; $tool ct`,
    `select x in a; do break; done </dev/null; until rebar3 ct; do break; done`,
  ].map(script),
  // Texts for a shell.
  ...[
    `echo 'rebar3 ct' | bash`,
    `printf '%s\\n' 'rebar3 ct' | sh -s`,
    `echo 'rebar3 ct' | tee /dev/null | sh`,
    `cat <<'E' | sh\nrebar3 ct\nE`,
    `bash <(echo rebar3 ct)`,
    `. <(echo rebar3 ct)`,
    `source /dev/stdin <<<'rebar3 ct'`,
    `bash -s <<'E'\nrebar3 ct\nE`,
    `sh /dev/stdin <<'E'\nrebar3 ct\nE`,
    `cat >made <<'E'\nrebar3 ct\nE\nsh made`,
    `echo 'rebar3 ct' >made; . ./made`,
    `printf '#!/bin/sh\\nrebar3 ct\\n' >made; chmod +x made; ./made`,
    `make --eval='all: ; rebar3 ct'`,
    `make --eval 'all: ; rebar3 ct' all`,
    `printf 'all:\\n\\trebar3 ct\\n' | make -f -`,
    `make -f - <<'E'\nall: ; rebar3 ct\nE`,
    `trap 'rebar3 ct' 0`,
    `PROMPT_COMMAND='rebar3 ct'; eval "$PROMPT_COMMAND"`,
    `git init -q . && GIT_EDITOR='rebar3 ct; true' git config -e`,
  ].map(script),
  // Bypasses of the shims.
  ...[
    `"$REAL/rebar3" ct`,
    `env "$REAL/rebar3" ct`,
    `PATH=$REAL:$PATH; rebar3 ct`,
    `env PATH="$REAL:/usr/bin:/bin" rebar3 ct`,
    `env -i RAN="$RAN" "$REAL/erl" -noshell`,
    `cmd=("$REAL/rebar3" ct); "\${cmd[@]}"`,
    `for tool in "$REAL/rebar3"; do $tool ct; done`,
    `run() { "$@"; }; run "$REAL/rebar3" ct`,
    `env -S "$REAL/rebar3 ct"`,
    `shopt -s expand_aliases\nalias r="$REAL/rebar3"\nr ct`,
    `git -c alias.x="!$REAL/rebar3 ct" x`,
    `make --eval="all: ; $REAL/rebar3 ct"`,
    `$REAL/reba?3 ct`,
    `ln -s "$REAL/rebar3" r; ./r ct`,
    `cp "$REAL/rebar3" r; ./r ct; mkdir -p real; cd real && ../r ct`,
    `hash -p "$REAL/rebar3" r; r ct`,
    `tool=$REAL/rebar3; run() { "$tool" "$@"; }; run ct`,
    `echo "$REAL/rebar3 ct" | sh`,
    `R=$REAL/rebar3; sh -c "$R ct"`,
    `ERLMCP_IN_CONTAINER=1 rebar3 ct`,
    `export ERLMCP_IN_CONTAINER=1; rebar3 ct`,
    `export PATH="$REAL:$PATH"; make eunit --eval='eunit: ; rebar3 ct'`,
  ].map(script),
  // Scripts without a telling name.
  inFile('.husky/pre-commit', '"$REAL/rebar3" ct', 'sh -e .husky/pre-commit'),
  inFile('.githooks/pre-push', '"$REAL/rebar3" ct', 'sh .githooks/pre-push'),
  inFile('hooks/commit-msg', '"$REAL/rebar3" ct', 'sh hooks/commit-msg'),
  inFile('.envrc', 'PATH="$REAL:$PATH"\nrebar3 version', 'bash .envrc'),
  inFile('.bash_profile', 'alias r="$REAL/rebar3"; "$REAL/rebar3" ct', 'bash .bash_profile'),
  inFile('tools/check', '"$REAL/rebar3" ct', 'sh run.sh', { 'run.sh': 'sh tools/check\n' }),
  inFile('tools/check', '"$REAL/rebar3" ct', 'sh run.sh', { 'run.sh': './tools/check\n' }),
  inFile('lib/common', 'check() { "$REAL/rebar3" ct; }', 'bash run.sh', {
    'run.sh': '. ./lib/common\ncheck\n',
  }),
  inFile('bin/lib', 'check() { "$REAL/rebar3" ct; }', 'bash bin/run.sh', {
    'bin/run.sh': '. "$(dirname "$0")/lib"\ncheck\n',
  }),
  inFile('bin/lib.inc', '"$REAL/rebar3" ct', 'bash bin/run.sh', {
    'bin/run.sh': '. "${BASH_SOURCE[0]%/*}/lib.inc"\n',
  }),
  inFile('tools/check', '"$REAL/rebar3" ct', 'bash run.sh', { 'run.sh': 'bash < tools/check\n' }),
  inFile('tools/check', '"$REAL/rebar3" ct', 'make', { Makefile: 'all:\n\tsh tools/check\n' }),
  inFile('tools/check', '"$REAL/rebar3" ct', 'sh run.sh', { 'run.sh': 'cat tools/check | sh\n' }),
  inFile('tools/gen', '#!/usr/bin/env escript', 'sh run.sh', {
    'run.sh': 'PATH=$REAL:$PATH ./tools/gen\n',
  }),
  inFile('tools/gen', '#!/usr/bin/env -S rebar3 shell', 'sh run.sh', {
    'run.sh': 'PATH=$REAL:$PATH; ./tools/gen\n',
  }),
  inFile('check', '#!/usr/bin/make -f\nall:\n\t"$$REAL/rebar3" ct', './check'),
  inFile('check', '#! /usr/bin/env -S bash -e\n"$REAL/rebar3" ct', './check'),
  // Makefiles.
  ...[
    'all:\n\t@rebar3 ct',
    'all:\n\t-@+rebar3 ct',
    'R = rebar3\nall:\n\t$(R) ct',
    'define run\n"$$REAL/rebar3" ct\nendef\nall:\n\t$(run)',
    'run = "$$REAL/$(1)" ct\nall:\n\t$(call run,rebar3)',
    'V != "$$REAL/rebar3" version\nall:\n\t@:',
    'V := $(shell "$$REAL/rebar3" version)\nall:\n\t@:',
    'all: R = "$$REAL/rebar3"\nall:\n\t$(R) ct',
    '.RECIPEPREFIX = >\nall:\n> "$$REAL/rebar3" ct',
    'all:\n\tfor t in ct xref; do \\\n\t  "$$REAL/rebar3" $$t; \\\n\tdone',
    'all:\n\t$(foreach t,ct xref,"$$REAL/rebar3" $(t);)',
    'all:\n\t$(if yes,"$$REAL/rebar3" ct)',
    'all:\n\t$(strip "$$REAL/rebar3" ct)',
    '.ONESHELL:\nall:\n\tcd .\n\t"$$REAL/rebar3" ct',
    '%.x:\n\t"$$REAL/rebar3" ct\nall: a.x',
    'ifdef REAL\nall:\n\t"$$REAL/rebar3" ct\nendif',
    '$(eval all: ; "$$$$REAL/rebar3" ct)',
    'all: ; @"$$REAL/rebar3" ct',
    'all:: ; @"$$REAL/rebar3" ct',
  ].map((text) => makefile(text)),
  inFile('build/rules', 'all:\n\t"$$REAL/rebar3" ct', 'make', {
    Makefile: 'include build/rules\n',
  }),
  inFile('build/rules', 'all:\n\t"$$REAL/rebar3" ct', 'sh run.sh', {
    'run.sh': 'make -f build/rules\n',
  }),
  inFile('Makefile', 'all:\n\t$(CMD)', 'sh run.sh', { 'run.sh': 'make CMD="$REAL/rebar3 ct"\n' }),
]

/** Programs of Erlang, replaced by a script that records the run. */
const programs = ['rebar3', 'erl', 'erlc', 'escript']
const spy = '#!/bin/sh\nprintf ran >>"$RAN"\n'

/** Writes the recording programs below a folder. */
export function writePrograms(folder: string): void {
  for (const name of programs) {
    const file = join(folder, 'real', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, spy)
    chmodSync(file, 0o755)
  }
}

/** Writes the project of a run. Its files are executable. */
export function writeProject(folder: string, { files }: HostRun): void {
  for (const [path, text] of Object.entries({ 'rebar.config': '', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    chmodSync(join(folder, path), path === 'rebar.config' ? 0o644 : 0o755)
  }
}

/** Whether a program of Erlang ran. The shims, if any, are first on PATH. */
export function ranErlang(
  project: string,
  { run }: HostRun,
  base: string,
  shims?: string,
): boolean {
  const ran = join(base, 'ran')
  writeFileSync(ran, '')
  const real = join(base, 'real')
  const env = {
    HOME: base,
    RAN: ran,
    REAL: real,
    PATH: [...(shims ? [shims] : []), real, process.env.PATH].join(':'),
    ERLMCP_IN_CONTAINER: '',
  }
  spawnSync('bash', ['-c', run], { cwd: project, env, timeout: 20_000, input: '' })
  return statSync(ran).size > 0
}
