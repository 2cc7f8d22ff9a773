import { shellWord } from '@erlmcp/core'
import type { OsVariable } from '../config/os-variable.ts'

/** The input of the scripts of a release. */
export interface ScriptOptions {
  readonly release: string
  readonly version: string
  readonly distribution: 'local' | 'tls'
  /** Whether the start script sets the number of schedulers, because vmArgs do not. */
  readonly schedulers: boolean
  /** Threads and processes of the container, by `threadsOf`. */
  readonly threads: { readonly base: number; readonly perCpu: number }
  /** Variables of vm.args and sys.config, which the start script sets and checks. */
  readonly variables: readonly OsVariable[]
  /** The node name that vmArgs set. */
  readonly name: string | undefined
  readonly health: {
    /** Name of the environment variable of the port, and its default. */
    readonly variable: string
    readonly port: number
    readonly levels: Readonly<Record<string, string>>
  }
}

/** Prefix of the environment variables of a release: `WEB_NODE_` for `web-node`. */
export function prefix(release: string): string {
  return `${release.toUpperCase().replaceAll('-', '_')}_`
}

/** Default of `ERL_DIST_PORT`: the port of the distribution, which does not use epmd. */
export const distributionPort = 9100

/** The folder of a release in the image. */
export function homeOf(release: string): string {
  return `/opt/${release}`
}

/**
 * The environment that start and ctl share: all changing files are in one folder of a tmpfs, so that
 * the root file system may be read-only, and both have the same node name, cookie and TLS options.
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
    // ERL_AFLAGS passes this option to every program that connects to the node.
    const file = `${homeOf(release)}/etc/ssl_dist.conf`
    lines.push(`export ERL_AFLAGS="-ssl_dist_optfile ${file}\${ERL_AFLAGS:+ $ERL_AFLAGS}"`)
  }
  return `${lines.join('\n')}\n`
}

/**
 * A shell function that fails where outside flags would decide which nodes may connect: the emulator
 * reads flags from its variables and its command as well as from vm.args.
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

/** The shell function `fail`: prints an error of the configuration, and exits with EX_CONFIG. */
export function failure(script: string): string {
  return `fail() {\n  printf '%s\\n' "${script}: $1" >&2\n  exit 78\n}\n`
}

/** Minimum length of a cookie: 16 hexadecimal characters are 64 bits. */
const shortestCookie = 16

/**
 * Copies the cookie of the secret into `$HOME/.erlang.cookie.new`, and fails for an invalid one. The
 * cookie is never an argument of a command.
 *
 * @param missing the commands for a missing secret
 */
export function newCookie({ release }: ScriptOptions, missing: string): string {
  return `cookie_file=\${${prefix(release)}COOKIE_FILE:-/run/secrets/erlang-cookie}
rm -f "$HOME/.erlang.cookie.new"
if [ -e "$cookie_file" ]; then
  [ -r "$cookie_file" ] || fail "the cookie $cookie_file is not readable for uid $(id -u)"
  tr -d '\\r\\n' <"$cookie_file" >"$HOME/.erlang.cookie.new"
else
${missing}
fi
case $(cat "$HOME/.erlang.cookie.new") in
  *[!a-zA-Z0-9_+/=.-]*) fail "the cookie $cookie_file may only have letters, digits and _+/=.-" ;;
  ${'?'.repeat(shortestCookie)}*) ;;
  *) fail "the cookie $cookie_file has less than ${shortestCookie} characters" ;;
esac
chmod 0400 "$HOME/.erlang.cookie.new"
`
}
