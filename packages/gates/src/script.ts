import { shellWord } from '@erlmcp/core'
import { type GateValue, outputPaths } from './gate.ts'
import { folders, gateVariable, runMark, runVariable } from './paths.ts'

/**
 * The entry point of a gate's container. It works on a copy of the project, so that gates that run
 * at the same time never see each other's half-written files, and no test writes into the
 * repository. The name of the gate is in `ERLMCP_GATE`. Without it the script restores every cache,
 * imports whatever outputs there are, and saves nothing.
 */
export function gateScript(gates: readonly GateValue[], about = ''): string {
  const names = gates.map(({ name }) => ` | ${name}`).join('')
  return `#!/bin/sh
${about && `# ${about.replaceAll(/[^ -~]/g, '?')}\n`}# Runs a command on a copy of the project, and saves the evidence of the gate in ${gateVariable}.
set -eu

# The command sees neither variable. A run of erlmcp reads one stream, to keep the order of its lines.
run=\${${runVariable}:-}
gate=\${${gateVariable}:-}
unset ${runVariable} ${gateVariable}
[ -z "$run" ] || exec 2>&1

fail() {
  echo "gate: $1" >&2
  exit 70
}

# rm cannot list a folder that a test has closed.
remove() {
  for old; do
    [ -L "$old" ] || [ ! -d "$old" ] || chmod -R u+rwX "$old"
    rm -rf "\${old:?}"
  done
}

# Copies those of the paths that exist into the folder $1, with the folders above them.
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

[ $# -gt 0 ] || fail 'missing command, such as: rebar3 compile'
case $gate in
  ''${names}) ;;
  *) fail "unknown gate $gate" ;;
esac
for folder in ${folders.workspace} ${folders.build} ${folders.cache} ${folders.evidence}; do
  [ -w "$folder" ] || fail "$folder is not writable for $(id -u): the image must have that folder, of that user"
done

cd ${folders.workspace}
[ ! -d ${folders.build}/current ] || cp -a ${folders.build}/current _build
${choice([...gates.map(restoreCache), restoreCaches(gates)])}cp -a ${folders.project}/. ${folders.workspace}/ || fail 'cannot copy the project'

${gates
  .filter(({ spec }) => spec.builds)
  .map(cleanBuild)
  .join('')}evidence=${folders.evidence}/$gate
[ -z "$gate" ] || remove "$evidence"
${choice([...gates.map(importInputs), importOutputs(gates)])}
export REBAR_CACHE_DIR=${folders.cache}/rebar3
code=0
"$@" || code=$?

${choice(gates.map(saveOutputs))}
if [ -n "$gate" ]; then
  mkdir -p "$evidence"
  echo "\${run:-by hand}" >"$evidence/${runMark}"
fi
# Follows all other output: a reader that has it has missed nothing.
[ -z "$run" ] || printf '\\036%s\\n' "$run"
exit "$code"
`
}

function cleanBuild({ name }: GateValue): string {
  return `# A file that is not compiled again gives no warning again.
if [ "$gate" = ${name} ]; then
  for source in apps/*/src/*.app.src lib/*/src/*.app.src src/*.app.src; do
    [ ! -e "$source" ] || rm -rf _build/*/lib/"$(basename "$source" .app.src)"
  done
fi

`
}

/** The lines of the gate; empty where no gate has any. */
function choice(cases: readonly string[]): string {
  const lines = cases.join('')
  return lines === '' ? '' : `case $gate in\n${lines}esac\n`
}

/** One case of {@link choice}; empty without lines. */
function caseOf(name: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `  ${name})\n${lines.join('')}    ;;\n`
}

/** Restores the cache of an earlier run, without its reports: they prove nothing about this one. */
function restoreCache({ name, spec }: GateValue): string {
  const { cache = [], evidence = [] } = spec
  const from = `${folders.cache}/${name}`
  const first = `gate: first run of ${name}: it creates ${cache.join(' and ')} for later runs, which may take minutes`
  const restored =
    cache.length > 0
      ? [`    if [ -d ${from} ]; then cp -a ${from}/. ./; else echo ${shellWord(first)}; fi\n`]
      : []
  const stale = evidence.flatMap(({ outputs }) => outputs)
  const removed = stale.length > 0 ? [`    rm -rf ${stale.join(' ')}\n`] : []
  return caseOf(name, [...restored, ...removed])
}

/** Every cache, for a command that is not a gate. */
function restoreCaches(gates: readonly GateValue[]): string {
  const cached = gates.filter(({ spec }) => spec.cache?.length)
  return caseOf(
    "''",
    cached.map(({ name }) => {
      const from = `${folders.cache}/${name}`
      return `    [ ! -d ${from} ] || cp -a ${from}/. ./\n`
    }),
  )
}

function importInputs({ name, spec }: GateValue): string {
  const { inputs = [] } = spec
  return caseOf(
    name,
    inputs.flatMap((input) => [
      `    [ -e ${folders.evidence}/${input.name}/${runMark} ] || fail 'missing outputs of the gate ${input.name}: run it first'\n`,
      ...importLines(input),
    ]),
  )
}

/** The outputs that there are, for a command that is not a gate. */
function importOutputs(gates: readonly GateValue[]): string {
  const inputs = [...new Set(gates.flatMap(({ spec }) => spec.inputs ?? []))]
  return caseOf("''", inputs.flatMap(importLines))
}

function importLines({ name, spec }: GateValue): string[] {
  return (spec.outputs ?? []).map((path) => {
    const from = `${folders.evidence}/${name}/${shellWord(path)}`
    const to = shellWord(path)
    return `    [ ! -e ${from} ] || { mkdir -p ${to} && cp -a ${from}/. ${to}/; }\n`
  })
}

function saveOutputs({ name, spec }: GateValue): string {
  // Not quoted: a path may be a pattern, and has no other character that the shell expands.
  const keep = (folder: string, paths: readonly string[]) =>
    paths.length > 0 ? [`    keep ${folder} ${paths.join(' ')}\n`] : []
  const built = spec.builds
    ? [
        `    if [ "$code" = 0 ]; then\n`,
        `      remove ${folders.build}/next ${folders.build}/current\n`,
        `      cp -a _build ${folders.build}/next || fail 'cannot keep _build'\n`,
        `      mv ${folders.build}/next ${folders.build}/current\n`,
        '    fi\n',
      ]
    : []
  return caseOf(name, [
    ...keep('"$evidence"', outputPaths(spec)),
    ...keep(`${folders.cache}/${name}`, spec.cache ?? []),
    ...built,
  ])
}
