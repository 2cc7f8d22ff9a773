import { shellWord, UserError } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'

/** A file of the guard, relative to its folder. */
export interface GuardFile {
  readonly path: string
  readonly text: string
  readonly mode: number
}

/**
 * Renders the shims: one in `bin/` for every program of the map, and `guard.sh`, which they source. In
 * a service that sets {@link containerEnvironment} a shim runs the next program on PATH. Elsewhere it
 * fails and prints the Docker form of the command line. POSIX sh without other programs.
 */
export function renderShims(map: Constitution): GuardFile[] {
  const programs = [...new Set(map.rows.map(({ host }) => host[0]))]
  for (const name of map.passedVariables) validateVariable(name)
  return [
    { path: 'guard.sh', text: guardText(map), mode: 0o644 },
    ...programs.map((program) => ({
      path: `bin/${fileName(program)}`,
      text: shimText,
      mode: 0o755,
    })),
  ]
}

function fileName(program: string): string {
  if (/^[\w.+-]+$/.test(program) && !/^\.+$/.test(program)) return program
  throw new UserError({
    message: `invalid program ${JSON.stringify(program)} in the map`,
    hint: 'Use a file name without a folder.',
  })
}

function validateVariable(name: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return
  throw new UserError({
    message: `invalid variable name ${JSON.stringify(name)} in the map`,
    hint: 'Use letters, digits and underscores.',
  })
}

const shimText = `#!/bin/sh
# Written by erlmcp guard install. Runs the real program in a gate service, and fails on a host.
# shellcheck source=/dev/null
. "\${0%/*}/../guard.sh"
`

/** The values that replace `{passes}` and `{compose}` are quoted for sh. */
function guardText(map: Constitution): string {
  const programs = new Set(map.rows.map(({ host }) => host[0]))
  return [
    guardHead,
    insideText,
    serviceText(map),
    tasksText,
    makeText,
    refuseText
      .replace('{passes}', () => map.passedVariables.map(shellWord).join(' '))
      .replace('{compose}', () =>
        ['docker', 'compose', ...map.files.flatMap((file) => ['-f', file]), 'run', '--rm']
          .map(shellWord)
          .join(' '),
      ),
    mainText(programs),
  ].join('\n')
}

const guardHead = `#!/bin/sh
# Written by erlmcp guard install. Every shim in bin/ sources it.
program=\${0##*/}
tab='\t'
line_break='
'
`

const insideText = `# Only a variable of the gate services counts. A host may have /.dockerenv too, such as a machine or
# WSL distribution that was made from an image, and a host in Kubernetes has its variables.
inside_container() {
  [ "\${ERLMCP_IN_CONTAINER:-}" = 1 ]
}

# Runs the next program on PATH. Folders of shims, including those of other projects, are skipped.
run_next() {
  rest=$PATH:
  while [ -n "$rest" ]; do
    folder=\${rest%%:*}
    rest=\${rest#*:}
    next=\${folder:-.}/$program
    if [ -f "$next" ] && [ -x "$next" ] && [ ! -e "\${folder:-.}/../guard.sh" ]; then
      exec "$next" "$@"
    fi
  done
  printf 'erlmcp: %s: command not found\\n' "$program" >&2
  exit 127
}
`

/** The first row for a command wins. */
function serviceText(map: Constitution): string {
  const byTask = map.rows.filter(({ host }) => host.length === 2)
  const whole = map.rows.filter(({ host }) => host.length === 1)
  const lines = [...byTask, ...whole].map(({ host, service }) => {
    const [program, task] = host
    const pattern = shellWord(`${program}/`) + (task === undefined ? '*' : shellWord(task))
    return `  ${pattern}) service=${service === undefined ? '' : shellWord(map.prefix + service)} ;;`
  })
  const goals = byTask
    .filter(({ host }) => host[0] === 'make')
    .map(({ host }) => shellWord(host[1]!))
  const pattern = goals.join(' | ') || "''"
  return `# Sets service to the service of PROGRAM/TASK, or to nothing.
service_of() {
  case $1 in
${lines.join('\n')}
  *) service= ;;
  esac
}

is_make_row() {
  case $1 in
  ${pattern}) return 0 ;;
  esac
  return 1
}
`
}

const tasksText = `# All tasks must run in the same service.
tasks=0
found=
add_task() {
  service_of "$program/$1"
  tasks=$((tasks + 1))
  if [ "$tasks" = 1 ]; then found=$service; fi
  if [ "$found" != "$service" ]; then found=; fi
}

take_word() {
  case $expect:$1 in
  task:do) list=1 ;;
  task:as) list=1 expect=profile ;;
  task:*) add_task "$1" && expect=argument ;;
  esac
}

# One task; after do and as PROFILES, tasks separated by commas. Words with spaces are not split.
rebar3_tasks() {
  expect=task
  list=0
  for word in "$@"; do
    case $expect:$list:$word in
    profile:*,) ;;
    profile:*) expect=task ;;
    task:1:-*, | argument:1:-*,) expect=task ;;
    task:?:-* | argument:?:-*) ;;
    task:0:* | argument:0:* | *' '* | *"$tab"* | *"$line_break"*) take_word "$word" ;;
    *)
      while :; do
        if [ -n "\${word%%,*}" ]; then take_word "\${word%%,*}"; fi
        case $word in
        *,*) expect=task word=\${word#*,} ;;
        *) break ;;
        esac
      done
      ;;
    esac
  done
}
`

const makeText = `# Goals are the words that are neither options nor assignments. is_gate=1: the map has one of them.
make_goals() {
  folder=.
  value=
  is_gate=0
  for word in "$@"; do
    case $value:$word in
    -[jl]:[0-9]*) value= && continue ;;
    -[jl]:*) value= ;;
    esac
    case $value:$word in
    -C:* | --directory:*) folder=$word value= ;;
    -*:*) value= ;;
    :-[CEfIjloW] | :--directory | :--file | :--makefile | :--include-dir | :--old-file | \\
      :--assume-old | :--what-if | :--new-file | :--assume-new | :--eval) value=$word ;;
    :--jobs) value=-j ;;
    :--load-average | :--max-load) value=-l ;;
    :-C*) folder=\${word#-C} ;;
    :--directory=*) folder=\${word#--directory=} ;;
    :-* | *=*) ;;
    *)
      add_task "$word"
      if is_make_row "$word"; then is_gate=1; fi
      ;;
    esac
  done
}
`

const refuseText = `# Prints a word, quoted for sh.
print_word() {
  case $1 in
  '') printf " ''" ;;
  *[!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-]*)
    left=$1
    printf " '"
    while :; do
      case $left in
      *"'"*) printf "%s'\\\\\\\\''" "\${left%%"'"*}" && left=\${left#*"'"} ;;
      *) break ;;
      esac
    done
    printf "%s'" "$left"
    ;;
  *) printf ' %s' "$1" ;;
  esac
}

print_words() {
  for word in "$@"; do print_word "$word"; done
}

print_passed() {
  for name in {passes}; do
    eval "is_set=\\\${$name+1} value=\\\${$name-}"
    # shellcheck disable=SC2154 # eval sets both
    if [ "$is_set" = 1 ]; then print_words -e "$name=$value"; fi
  done
}

refuse() {
  if [ -n "$found" ]; then
    printf 'erlmcp: %s must not run on the host. Run it in Docker:\\n ' "$program"
    print_words {compose}
    print_passed
    print_words "$found" "$program" "$@"
    printf '\\n'
  else
    printf 'erlmcp: this command has no Docker form, and must not run on the host:\\n '
    print_words "$program" "$@"
    printf '\\n  To see why: npx erlmcp rewrite --'
    print_words "$program" "$@"
    printf '\\n'
  fi >&2
  exit 126
}
`

/** `make` also builds other things, and its recipes meet the other shims. */
function mainText(programs: ReadonlySet<string>): string {
  const cases = [
    ...(programs.has('rebar3') ? ['rebar3) rebar3_tasks "$@" ;;'] : []),
    ...(programs.has('make')
      ? [
          `make)
  make_goals "$@"
  if [ "$is_gate" = 0 ]; then run_next "$@"; fi
  if [ ! -e "$folder/rebar.config" ] && [ ! -e "$folder/erlang.mk" ]; then run_next "$@"; fi
  ;;`,
        ]
      : []),
  ]
  return `if inside_container; then run_next "$@"; fi
case $program in
${cases.join('\n')}
esac
if [ "$tasks" = 0 ]; then add_task ''; fi
refuse "$@"
`
}
