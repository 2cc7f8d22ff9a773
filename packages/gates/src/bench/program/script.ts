/** Variable that carries the folder of a base revision's sources into the container. */
export const baseVariable = 'ERLMCP_BENCH_BASE'

/**
 * The command of a bench gate: builds the project, and the base revision where there is one, and
 * starts the measuring program, which lies beside it. It is POSIX sh.
 */
export function benchScript(): string {
  return `#!/bin/sh
# bench [OPTION]...: see erlmcp_bench.escript --help
# Builds the project, and a base revision from its sources in $${baseVariable}, and measures both.
set -eu

tools=$(dirname "$0")
base=\${${baseVariable}:-}
build=_build/bench/base
rebar3 compile

if [ -n "$base" ]; then
  if [ ! -f "$base/rebar.config" ]; then
    printf '%s\\n' "bench: there are no sources of a base revision in $base" >&2
    exit 2
  fi
  # A copy: what is mounted is read-only, and of an old build nothing may be left.
  rm -rf "$build"
  mkdir -p "$build"
  cp -R "$base/." "$build"
  if ! (cd "$build" && rebar3 compile); then
    printf '%s\\n' 'bench: the base revision does not build' >&2
    exit 1
  fi
  set -- --base "$build/_build/default" "$@"
fi
exec escript "$tools/erlmcp_bench.escript" "$@"
`
}
