import { shellWord } from '@erlmcp/core'
import type { OsVariable } from '../config/os-variable.ts'

/** Everything that the scripts of a release are made from. */
export interface ScriptOptions {
  readonly release: string
  readonly version: string
  readonly distribution: 'local' | 'tls'
  /** Whether vmArgs leave the number of schedulers to the start script. */
  readonly schedulers: boolean
  /** Threads and processes of the container, by `threadsOf`. */
  readonly threads: { readonly base: number; readonly perCpu: number }
  /** Variables of vm.args and sys.config, which the start script sets and checks. */
  readonly variables: readonly OsVariable[]
  /** Whether the node's name is the image's to decide, so that the scripts know it. */
  readonly name: string | undefined
  readonly health: {
    /** Name of the variable that moves the port, and its default. */
    readonly variable: string
    readonly port: number
    readonly levels: Readonly<Record<string, string>>
  }
}

/** Start of the names of a release's own variables: `ERLMCP_` for `erlmcp`. */
export function prefix(release: string): string {
  return `${release.toUpperCase()}_`
}

/** Default of `ERL_DIST_PORT`: the one port of the distribution, in place of epmd. */
export const distributionPort = 9100

/** Where a release is in the image. */
export function homeOf(release: string): string {
  return `/opt/${release}`
}

/**
 * What start and ctl must agree on: everything that changes lies in one folder of a tmpfs, so the
 * root file system may be read-only, and both have the same node name, cookie and TLS options.
 */
export function environment({ release, distribution, name }: ScriptOptions): string {
  const own = prefix(release)
  const node =
    name !== undefined
      ? `${own}NODE_NAME=${shellWord(name)}`
      : distribution === 'local'
        ? `: "\${${own}NODE_NAME:=${release}@127.0.0.1}"`
        : `: "\${${own}NODE_NAME:=${release}@$(hostname -f)}"`
  const lines = [
    `export HOME="\${${own}RUNTIME_DIR:-/tmp/${release}}"`,
    node,
    `: "\${ERL_DIST_PORT:=${distributionPort}}"`,
    `export ${own}NODE_NAME ERL_DIST_PORT`,
    `case $${own}NODE_NAME in`,
    `  *[!A-Za-z0-9_.@-]* | *@*@* | @* | *@) fail "${own}NODE_NAME is '$${own}NODE_NAME', which is not name@host" ;;`,
    '  *@*) ;;',
    `  *) fail "${own}NODE_NAME is '$${own}NODE_NAME', which has no @host" ;;`,
    'esac',
    'case $ERL_DIST_PORT in',
    `  '' | *[!0-9]*) fail "ERL_DIST_PORT is '$ERL_DIST_PORT', which is not a port" ;;`,
    'esac',
  ]
  if (distribution === 'tls') {
    // Nobody but ERL_AFLAGS hands this option to every program that speaks to the node.
    const file = `${homeOf(release)}/etc/ssl_dist.conf`
    lines.push(`export ERL_AFLAGS="-ssl_dist_optfile ${file}\${ERL_AFLAGS:+ $ERL_AFLAGS}"`)
  }
  return `${lines.join('\n')}\n`
}

/**
 * A shell function that fails when flags from outside would decide who may speak to the node: the
 * emulator takes them from its variables and from the command as well as from vm.args.
 */
export const guardFlags = `flags=' -name -sname -setcookie -proto_dist -dist_listen -start_epmd -no_epmd -epmd_module -erl_epmd_port -remsh -args_file '
guard() {
  where=$1
  shift
  for word in "$@"; do
    case $word in
      -extra) return 0 ;;
      *inet_dist_*) ;;
      -ssl_dist_*) ;;
      *)
        case $flags in
          *" $word "*) ;;
          *) continue ;;
        esac
        ;;
    esac
    fail "$where has $word: the image alone decides who may speak to the node; take it out, and use the options distribution and vmArgs of erlangImage"
  done
}
set -f
# shellcheck disable=SC2086 # each of their words
guard 'the environment (ERL_AFLAGS, ERL_FLAGS or ERL_ZFLAGS)' \${ERL_AFLAGS:-} \${ERL_FLAGS:-} \${ERL_ZFLAGS:-}
set +f
[ -z "\${VMARGS_PATH:-}" ] || fail "VMARGS_PATH names another vm.args than the image's: take it out, and use the option vmArgs of erlangImage"
`

/** Says what is wrong with the configuration and ends with EX_CONFIG of sysexits.h. */
export function failure(script: string): string {
  return `fail() {\n  printf '%s\\n' "${script}: $1" >&2\n  exit 78\n}\n`
}

/** Shortest cookie that is taken: 16 characters of hexadecimal are 64 bits. */
const shortestCookie = 16

/**
 * Puts the cookie of the secret into `$HOME/.erlang.cookie.new`, and refuses what is none. It goes
 * from file to file, and is never a word of a command.
 *
 * @param none what is done where there is no secret
 */
export function newCookie({ release }: ScriptOptions, none: string): string {
  return `cookie_file=\${${prefix(release)}COOKIE_FILE:-/run/secrets/erlang-cookie}
rm -f "$HOME/.erlang.cookie.new"
if [ -e "$cookie_file" ]; then
  [ -r "$cookie_file" ] || fail "the cookie $cookie_file is not readable for uid $(id -u)"
  tr -d '\\r\\n' <"$cookie_file" >"$HOME/.erlang.cookie.new"
else
${none}
fi
case $(cat "$HOME/.erlang.cookie.new") in
  *[!a-zA-Z0-9_+/=.-]*) fail "the cookie $cookie_file may only have letters, digits and _+/=.-" ;;
  ${'?'.repeat(shortestCookie)}*) ;;
  *) fail "the cookie $cookie_file has less than ${shortestCookie} characters" ;;
esac
chmod 0400 "$HOME/.erlang.cookie.new"
`
}
