import { shellWord } from '@erlmcp/core'
import { expectedValue, type OsVariable } from '../config/os-variable.ts'
import {
  environment,
  failure,
  guardFlags,
  homeOf,
  newCookie,
  prefix,
  type ScriptOptions,
} from './common.ts'

/** The program of the image: prepares the tmpfs for the release, and becomes the emulator. */
export function startScript(options: ScriptOptions): string {
  const { release, version, distribution, variables } = options
  return `#!/bin/sh
# Starts ${release} ${version} in the foreground.
set -eu
umask 077

${failure('start')}
${guardFlags}guard 'the command' "$@"

${environment(options)}
# All changing files are here, so the root file system may be read-only.
mkdir -p "$HOME" 2>/dev/null || fail "$HOME cannot be made: mount a tmpfs on /tmp"
[ -w "$HOME" ] || fail "$HOME is not writable for uid $(id -u): mount a tmpfs on /tmp"
export RELX_OUT_FILE_PATH="$HOME"

${cookie(options)}
${distribution === 'tls' ? certificates(options) : ''}${variables.map(variable).join('')}
# A crash dump holds every secret of the node: set ERL_CRASH_DUMP_SECONDS to get one.
export ERL_CRASH_DUMP_SECONDS="\${ERL_CRASH_DUMP_SECONDS:-0}"
export ERL_CRASH_DUMP="\${ERL_CRASH_DUMP:-/var/log/${release}/erl_crash.dump}"

${limits(options)}
umask 027
exec ${homeOf(release)}/${relxScript(release)} foreground "$@"
`
}

/** Path of the start script of relx; `bin/<release>` itself is ctl. */
export function relxScript(release: string): string {
  return `bin/${release}.relx`
}

/** The limit of open files where it has more than seven digits: the emulator allocates tables for it. */
const mostFiles = 1_048_576

/**
 * Settings that the emulator would derive from the host and not from the limits of the container:
 * tables by the limit of open files, and threads by processors. vm.args overrides its variables.
 */
function limits({ schedulers, threads }: ScriptOptions): string {
  const bound = schedulers
    ? `case "\${ERL_AFLAGS:-} \${ERL_FLAGS:-} \${ERL_ZFLAGS:-} $*" in
    *+S*) ;;
    *) flags="$flags +S $cpus:$cpus" ;;
  esac`
    : ''
  return `# shellcheck disable=SC3045 # every sh of these systems has it
case $(ulimit -n) in
  unlimited | ????????*) ulimit -n ${mostFiles} ;;
esac

# An idle scheduler that spins uses up the CPU time of the limit.
quota=max period=100000 pids=max
if [ -r /sys/fs/cgroup/cpu.max ]; then
  read -r quota period </sys/fs/cgroup/cpu.max
elif [ -r /sys/fs/cgroup/cpu/cpu.cfs_quota_us ]; then
  read -r quota </sys/fs/cgroup/cpu/cpu.cfs_quota_us
  read -r period </sys/fs/cgroup/cpu/cpu.cfs_period_us
fi
cpus=$(nproc)
case $quota in
  '' | *[!0-9]*) ;;
  *)
  share=$(((quota + period - 1) / period))
  [ "$share" -ge "$cpus" ] || cpus=$share
  flags='+sbwt none +sbwtdcpu none +sbwtdio none'
${bound && `  ${bound}\n`}  export ERL_AFLAGS="$flags\${ERL_AFLAGS:+ $ERL_AFLAGS}"
  ;;
esac
for file in /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max; do
  [ ! -r "$file" ] || read -r pids <"$file"
done
case $pids in
  '' | *[!0-9]*) ;;
  *)
  least=$((${threads.base} + ${threads.perCpu} * cpus))
  [ "$pids" -ge "$least" ] || fail "the container may have $pids processes and threads, and needs $least: raise its limit of pids, or lower +S in vmArgs"
  ;;
esac
`
}

function cookie(options: ScriptOptions): string {
  const { release, distribution } = options
  const missing =
    distribution === 'tls'
      ? `  fail "there is no cookie at $cookie_file: give the secret erlang-cookie to this container"`
      : `  [ -z "\${${prefix(release)}COOKIE_FILE:-}" ] || fail "there is no cookie at $cookie_file"
  # Only this container reaches the node, so its cookie can be random.
  od -An -N32 -tx1 /dev/urandom | tr -d ' \\n' >"$HOME/.erlang.cookie.new"`
  return `${newCookie(options, missing)}mv -f "$HOME/.erlang.cookie.new" "$HOME/.erlang.cookie"
`
}

function certificates({ release }: ScriptOptions): string {
  const own = prefix(release)
  return `case \${${own}NODE_NAME#*@} in
  *.*) ;;
  *) fail "the host of $${own}NODE_NAME has no domain: set the hostname to one with a dot" ;;
esac
for file in dist-ca dist-cert dist-key; do
  [ -r "/run/secrets/$file" ] || fail "/run/secrets/$file is missing or not readable for uid $(id -u)"
done
`
}

/** Patterns of rejected values: values are written to the file without quotes. */
const rejected: Readonly<Record<OsVariable['kind'], string>> = {
  integer: `'' | - | ?*-* | *[!0-9-]* | ???????????????????*`,
  atom: `'' | [!a-z]* | *[!A-Za-z0-9_@]*`,
  string: `'' | *[!A-Za-z0-9_.,:\\;@%/=~\\ -]*`,
}

function variable({ name, kind, default: fallback }: OsVariable): string {
  const value =
    fallback === undefined
      ? `[ -n "\${${name}:-}" ] || fail "${name} is not set"\n`
      : `[ -n "\${${name}:-}" ] || ${name}=${shellWord(fallback)}\n`
  return `${value}export ${name}
case $${name} in
  ${rejected[kind]}) fail "${name} must be ${expectedValue(kind)}" ;;
esac
`
}
