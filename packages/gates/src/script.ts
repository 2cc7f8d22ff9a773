import { shellWord } from '@erlmcp/core'
import { type GateValue, keptPaths } from './gate.ts'
import { folders, runMark, runVariable } from './paths.ts'

/**
 * The entry point of a gate's container. It works on a copy of the project, so that gates at the
 * same time never see each other's half-written files, and what a test writes never lands in the
 * repository. Evidence of an earlier run is removed first: it proves nothing about this one.
 */
export function gateScript(gates: readonly GateValue[], about = ''): string {
  return `#!/bin/sh
${about && `# ${about.replaceAll(/[^ -~]/g, '?')}\n`}# Runs a command on a copy of the project; keeps what proves how it went.
set -eu

# erlmcp takes one stream, in which what went wrong is where it went wrong; the command knows no run.
run=\${${runVariable}:-}
unset ${runVariable}
[ -z "$run" ] || exec 2>&1

fail() {
  echo "gate: $1" >&2
  exit 70
}

# Also folders that a test has closed: rm cannot look into them.
remove() {
  for old; do
    [ -L "$old" ] || [ ! -d "$old" ] || chmod -R u+rwX "$old"
    rm -rf "\${old:?}"
  done
}

# Copies what is there of the paths into the folder $1, with the folders above them.
keep() {
  into=$1
  shift
  for path; do
    [ -e "$path" ] || continue
    remove "\${into:?}/$path"
    if ! mkdir -p "$into/$(dirname "$path")" || ! cp -a "$path" "$into/$path"; then
      fail "cannot keep $path"
    fi
  done
}

[ $# -gt 0 ] || fail 'say what to run, such as: rebar3 compile'
for folder in ${folders.workspace} ${folders.build} ${folders.cache} ${folders.evidence}; do
  [ -w "$folder" ] || fail "$folder is not writable for $(id -u): the image must have that folder, of that user"
done

# The same words are the same gate, whether erlmcp or a person says them.
# shellcheck disable=SC2016 # nothing in them is to expand
case "$*" in
${gates.map(caseOf).join('\n')}
  *) gate='' ;;
esac

cd ${folders.workspace}
[ ! -d ${folders.build}/current ] || cp -a ${folders.build}/current _build
${choice(gates.map(foundOf))}cp -a ${folders.project}/. ${folders.workspace}/ || fail 'cannot copy the project'

${gates
  .filter(({ spec }) => spec.builds)
  .map(anewOf)
  .join('')}evidence=${folders.evidence}/$gate
[ -z "$gate" ] || remove "$evidence"
${choice(gates.map(takenOf))}
export REBAR_CACHE_DIR=${folders.cache}/rebar3
code=0
"$@" || code=$?

${choice(gates.map(afterOf))}
if [ -n "$gate" ]; then
  mkdir -p "$evidence"
  echo "\${run:-by hand}" >"$evidence/${runMark}"
fi
# Behind all that was printed: whoever reads it has missed nothing.
[ -z "$run" ] || printf '\\036%s\\n' "$run"
exit "$code"
`
}

function caseOf({ name, spec }: GateValue): string {
  return `  ${shellWord(spec.command.join(' '))}) gate=${name} ;;`
}

function anewOf({ name }: GateValue): string {
  return `# Compiled anew, since a file that is not compiled again gives no warning again.
if [ "$gate" = ${name} ]; then
  for source in apps/*/src/*.app.src lib/*/src/*.app.src src/*.app.src; do
    [ ! -e "$source" ] || rm -rf _build/*/lib/"$(basename "$source" .app.src)"
  done
fi

`
}

/** The lines of whichever gate it is; nothing where none has any. */
function choice(cases: readonly string[]): string {
  const some = cases.join('')
  return some === '' ? '' : `case $gate in\n${some}esac\n`
}

/** What an earlier run has left for it, but for evidence: that proves nothing about this one. */
function foundOf({ name, spec }: GateValue): string {
  const { caches = [], evidence = [] } = spec
  const from = `${folders.cache}/${name}`
  const first = `gate: first run of ${name}: it makes ${caches.join(' and ')}, which later runs find again; that may take minutes`
  const cached =
    caches.length > 0
      ? [`    if [ -d ${from} ]; then cp -a ${from}/. ./; else echo ${shellWord(first)}; fi\n`]
      : []
  const stale = evidence.flatMap(({ keeps }) => keeps)
  const removed = stale.length > 0 ? [`    rm -rf ${stale.join(' ')}\n`] : []
  const lines = [...cached, ...removed]
  return lines.length === 0 ? '' : `  ${name})\n${lines.join('')}    ;;\n`
}

function takenOf({ name, spec }: GateValue): string {
  const { takes = [] } = spec
  const taken = takes.map((giver) => {
    const from = `${folders.evidence}/${giver.name}`
    const missing = `there is nothing of the gate ${giver.name}: run that first`
    return `    [ -e ${from}/${runMark} ] || fail '${missing}'\n${(giver.spec.gives ?? [])
      .map((path) => {
        const to = shellWord(path)
        return `    [ ! -e ${from}/${to} ] || { mkdir -p ${to} && cp -a ${from}/${to}/. ${to}/; }\n`
      })
      .join('')}`
  })
  return taken.length === 0 ? '' : `  ${name})\n${taken.join('')}    ;;\n`
}

function afterOf({ name, spec }: GateValue): string {
  // Not quoted: a path may be a pattern, and has no other character that the shell would see.
  const each = (folder: string, paths: readonly string[]) =>
    paths.length > 0 ? [`    keep ${folder} ${paths.join(' ')}\n`] : []
  const kept = each('"$evidence"', keptPaths(spec))
  const cached = each(`${folders.cache}/${name}`, spec.caches ?? [])
  const built = spec.builds
    ? [
        `    if [ "$code" = 0 ]; then\n`,
        `      remove ${folders.build}/next ${folders.build}/current\n`,
        `      cp -a _build ${folders.build}/next || fail 'cannot keep _build'\n`,
        `      mv ${folders.build}/next ${folders.build}/current\n`,
        '    fi\n',
      ]
    : []
  const lines = [...kept, ...cached, ...built]
  return lines.length === 0 ? '' : `  ${name})\n${lines.join('')}    ;;\n`
}
