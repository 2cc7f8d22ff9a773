import { shellWord } from '@erlmcp/core'
import { failure, type ScriptOptions } from './common.ts'

/** Requests each named level from the application, and fails where any of them fails. */
export function healthScript({ release, health }: ScriptOptions): string {
  const levels = Object.keys(health.levels)
  const cases = Object.entries(health.levels)
    .map(([level, path]) => `    ${shellWord(level)}) path=${shellWord(path)} ;;`)
    .join('\n')
  return `#!/bin/sh
# health [${levels.join('|')}]...
# Exits with 0 when ${release} passes every requested level. Default: ${levels[0]}.
set -eu

${failure('health')}
port=\${${health.variable}:-${health.port}}
case $port in
  '' | *[!0-9]*) fail "${health.variable} is '$port', which is not a port" ;;
esac

[ $# -gt 0 ] || set -- ${shellWord(levels[0]!)}
status=0
for level in "$@"; do
  case $level in
${cases}
    *) fail "'$level' is no level: use ${levels.join(', ')}" ;;
  esac
  # Without a proxy; wget fails for any status but 2xx.
  if ! said=$(busybox wget -Y off -q -T 3 -O /dev/null "http://127.0.0.1:$port$path" 2>&1); then
    printf '%s\\n' "health: $level failed: \${said:-no answer}" >&2
    status=1
  fi
done
exit "$status"
`
}
