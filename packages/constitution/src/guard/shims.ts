import { shellWord, UserError } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'

/** A file of the guard, below its folder. */
export interface GuardFile {
  readonly path: string
  readonly text: string
  readonly mode: number
}

/**
 * The shims: for every program of the map one in `bin/`, and `guard.sh`, which they all read. In
 * a service that sets {@link containerEnvironment} they run the program that comes next on PATH.
 * Elsewhere they refuse, and print the Docker form of exactly that command line. POSIX sh, without
 * any other program.
 */
export function shims(map: Constitution): GuardFile[] {
  const programs = [...new Set(map.rows.map(({ host }) => host[0]))]
  for (const name of map.passes) refuseVariable(name)
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
    message: `${JSON.stringify(program)} cannot be the name of a program`,
    hint: 'Name it in the map without its folder.',
  })
}

function refuseVariable(name: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return
  throw new UserError({
    message: `${JSON.stringify(name)} cannot be the name of a variable`,
    hint: 'Use letters, digits and underscores.',
  })
}

const shimText = `#!/bin/sh
# Made by erlmcp guard install. In a service of the gates it steps aside; on a host it refuses.
# shellcheck source=/dev/null
. "\${0%/*}/../guard.sh"
`

/** Braces stand for values that are quoted for sh already. */
function guardText(map: Constitution): string {
  const programs = new Set(map.rows.map(({ host }) => host[0]))
  return [
    guardHead,
    insideText,
    serviceText(map),
    tasksText,
    makeText,
    refuseText
      .replace('{passes}', () => map.passes.map(shellWord).join(' '))
      .replace('{compose}', () =>
        ['docker', 'compose', ...map.files.flatMap((file) => ['-f', file]), 'run', '--rm']
          .map(shellWord)
          .join(' '),
      ),
    mainText(programs),
  ].join('\n')
}

const guardHead = `#!/bin/sh
# Made by erlmcp guard install; every shim in bin/ reads it.
program=\${0##*/}
tab='\t'
line_break='
'
`

const insideText = `# Only what our own services set counts: hosts have /.dockerenv too, such as machines and WSL
# distributions that were made from an image, and a host in Kubernetes has its variables.
inside_container() {
  [ "\${ERLMCP_IN_CONTAINER:-}" = 1 ]
}

# The program that comes next on PATH; folders of shims, also of other projects, are passed over.
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
  printf 'erlmcp: there is no %s on PATH\\n' "$program" >&2
  exit 127
}
`

/** The first row of a command counts. */
function serviceText(map: Constitution): string {
  const byTask = map.rows.filter(({ host }) => host.length === 2)
  const whole = map.rows.filter(({ host }) => host.length === 1)
  const lines = [...byTask, ...whole].map(({ host, service }) => {
    const [program, task] = host
    const pattern = shellWord(`${program}/`) + (task === undefined ? '*' : shellWord(task))
    return `  ${pattern}) service=${service === undefined ? '' : shellWord(map.prefix + service)} ;;`
  })
  const made = byTask
    .filter(({ host }) => host[0] === 'make')
    .map(({ host }) => shellWord(host[1]!))
  const goals = made.join(' | ') || "''"
  return `# Which service runs PROGRAM/TASK; none where that is not defined.
service_of() {
  case $1 in
${lines.join('\n')}
  *) service= ;;
  esac
}

is_make_row() {
  case $1 in
  ${goals}) return 0 ;;
  esac
  return 1
}
`
}

const tasksText = `# All tasks must belong to one service.
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

# One task; after do, and after as PROFILES, a list that commas divide. Words with spaces are whole.
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

const makeText = `# Goals are the words that are neither options nor variables; is_gate is 1 where the map has one.
make_goals() {
  place=.
  value=
  is_gate=0
  for word in "$@"; do
    case $value:$word in
    -[jl]:[0-9]*) value= && continue ;;
    -[jl]:*) value= ;;
    esac
    case $value:$word in
    -C:* | --directory:*) place=$word value= ;;
    -*:*) value= ;;
    :-[CEfIjloW] | :--directory | :--file | :--makefile | :--include-dir | :--old-file | \\
      :--assume-old | :--what-if | :--new-file | :--assume-new | :--eval) value=$word ;;
    :--jobs) value=-j ;;
    :--load-average | :--max-load) value=-l ;;
    :-C*) place=\${word#-C} ;;
    :--directory=*) place=\${word#--directory=} ;;
    :-* | *=*) ;;
    *)
      add_task "$word"
      if is_make_row "$word"; then is_gate=1; fi
      ;;
    esac
  done
}
`

const refuseText = `# A word as sh reads it back.
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
    printf 'erlmcp: %s is forbidden on a host: all execution is Docker execution. Run\\n ' "$program"
    print_words {compose}
    print_passed
    print_words "$found" "$program" "$@"
    printf '\\n'
  else
    printf 'erlmcp: this has no Docker form, hence it is forbidden:\\n '
    print_words "$program" "$@"
    printf '\\n  npx erlmcp rewrite --'
    print_words "$program" "$@"
    printf '   # says why\\n'
  fi >&2
  exit 126
}
`

/** `make` builds other things than Erlang too, and its recipes meet the other shims. */
function mainText(programs: ReadonlySet<string>): string {
  const cases = [
    ...(programs.has('rebar3') ? ['rebar3) rebar3_tasks "$@" ;;'] : []),
    ...(programs.has('make')
      ? [
          `make)
  make_goals "$@"
  if [ "$is_gate" = 0 ]; then run_next "$@"; fi
  if [ ! -e "$place/rebar.config" ] && [ ! -e "$place/erlang.mk" ]; then run_next "$@"; fi
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
