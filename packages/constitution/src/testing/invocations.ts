import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Lines for sh. Each runs a program of Erlang. */
export const invocations: readonly string[] = [
  'rebar3 compile',
  'rebar3 ct --suite test/a_SUITE',
  'rebar3 as test do xref, dialyzer',
  'rebar3',
  'rebar3 hex publish',
  'erl -noshell -eval ok.',
  'erlc a.erl',
  'escript a.escript',
  'ct_run -dir test',
  'dialyzer --src .',
  'typer a.erl',
  'epmd -daemon',
  'make eunit',
  'make -j 2 -C . ct V=1',
  'make test',
  'make -C sub dialyzer',
  'ERL_FLAGS=+S1 rebar3 ct',
  'env rebar3 ct',
  'env -u HOME A=b rebar3 ct',
  'env -i PATH="$PATH" rebar3 ct',
  "sh -c 'rebar3 ct'",
  "bash -c 'rebar3 ct'",
  'command rebar3 ct',
  'exec rebar3 ct',
  '(rebar3 ct)',
  '{ rebar3 ct; }',
  'output=$(rebar3 ct)',
  'output=`rebar3 ct`',
  'echo ct | xargs rebar3',
  'find . -name rebar.config -exec rebar3 ct \\;',
  'nice rebar3 ct',
  'nohup rebar3 ct',
  'timeout 60 rebar3 ct',
  'setsid -w rebar3 ct',
  'stdbuf -o0 rebar3 ct',
  'rebar3 ct & wait',
  'rebar3 ct | cat',
  'true && rebar3 ct',
  'false || rebar3 ct',
  'eval "rebar3 ct"',
  'f() { rebar3 ct; }; f',
  'if rebar3 ct; then :; fi',
  'for task in ct; do rebar3 $task; done',
  "trap 'rebar3 ct' EXIT",
  './sh-script',
  './bash-script',
  './escript-script',
  'make all',
  'make -f Makefile.shell',
  'make recursive',
  "git -c alias.t='!rebar3 ct' t",
  'git -c core.hooksPath=hooks hook run pre-commit',
  '"$(command -v rebar3)" ct',
  'program=rebar3; $program ct',
  '"reb"ar3 ct',
  'cd / && rebar3 ct',
  'perl -e \'system("rebar3 ct")\'',
  "sh <<'end'\nrebar3 ct\nend",
  "printf 'rebar3 ct' | sh",
  '../guard/bin/rebar3 ct',
]

/** Lines that the shims cannot refuse, and the scan must find. */
export const bypasses: readonly string[] = [
  '"$REAL/rebar3" ct',
  'PATH=$REAL:$PATH rebar3 ct',
  'ERLMCP_IN_CONTAINER=1 rebar3 ct',
]

/** Programs of Erlang, replaced by a script that records the call. */
const programs = ['rebar3', 'erl', 'erlc', 'escript', 'ct_run', 'dialyzer', 'typer', 'epmd']
const spy = '#!/bin/sh\nprintf "%s %s\\n" "${0##*/}" "$*" >>"${0%/*}/../ran"\n'

const recipe = (line: string) => `all compile eunit ct test dialyzer:\n\t${line}\n`

const files: Readonly<Record<string, string>> = {
  'project/rebar.config': '',
  'project/Makefile': `${recipe('rebar3 compile')}recursive:\n\t$(MAKE) -C sub all\n`,
  'project/Makefile.shell': 'VSN := $(shell rebar3 version)\nall:\n\t@:\n',
  'project/sub/Makefile': recipe('erlc a.erl'),
  'project/sub/rebar.config': '',
  'project/sh-script': '#!/bin/sh\nrebar3 ct\n',
  'project/bash-script': '#!/usr/bin/env bash\nrebar3 ct\n',
  'project/escript-script': '#!/usr/bin/env escript\n',
  'project/hooks/pre-commit': '#!/bin/sh\nrebar3 ct\n',
  // Prints for each line whether a program ran.
  run: `#!/bin/sh
cd "\${0%/*}" || exit
home=$PWD
REAL=$home/real
PATH=$home/guard/bin:$REAL:$PATH
export REAL PATH
cd project || exit
git init -q
for line in "$home"/lines/*; do
  rm -f "$home/ran"
  sh "$line" >"$home/output" 2>&1 </dev/null
  if [ -s "$home/ran" ]; then result=ran; else result=refused; fi
  printf '%s %s\\n' "$result" "\${line##*/}"
done
`,
}

/** Writes the programs, a project, and a script that runs every line in it. */
export function writeInvocations(folder: string, lines: readonly string[]): void {
  const numbered = lines.map((line, index) => [`lines/${100 + index}`, `${line}\n`] as const)
  const spies = programs.map((name) => [`real/${name}`, spy] as const)
  for (const [path, text] of [...Object.entries(files), ...spies, ...numbered]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    chmodSync(join(folder, path), 0o755)
  }
}
