/** Variable with the folder of the base revision in the container. */
export const baseVariable = 'ERLMCP_BENCH_BASE'

/**
 * The command of a bench gate: builds the project and the base revision, if any, and starts the
 * measuring program beside it. POSIX sh.
 */
export function benchScript(): string {
  return `#!/bin/sh
# bench [OPTION]...: see erlmcp_bench.escript --help
# Builds and measures the project, and the base revision in $${baseVariable} if that is set.
set -eu

tools=$(dirname "$0")
base=\${${baseVariable}:-}
build=_build/bench/base
rebar3 compile

if [ -n "$base" ]; then
  if [ ! -f "$base/rebar.config" ]; then
    printf '%s\\n' "bench: $base has no sources of a base revision" >&2
    exit 2
  fi
  # A copy: the mount is read-only, and an old build must not remain.
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
