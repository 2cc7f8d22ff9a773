import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fakeDocker } from '@erlmcp/testkit'

/**
 * Puts a `docker` on the PATH, until the test ends, of an engine on which every gate passes.
 *
 * @param instead shell code that runs first, with the arguments in `$*`
 * @returns the command lines that it got
 */
export function fakeEngine(instead = ''): () => string[] {
  const folder = fakeDocker(`*)
here=\${0%/*}
printf '%s\\n' "$(echo "$*" | tr '\\n' ' ')" >>"$here/asked"
${instead}
case "$*" in
  info*) echo '28.5.2 2' ;;
  'image inspect'*) echo '[{"Id":"sha256:${'1'.repeat(64)}"}]' ;;
  *' run '*--no-TTY*)
    while [ $# -gt 0 ]; do
      case $1 in
        --name) name=$2 ;;
        ERLMCP_RUN=*) run=\${1#*=} ;;
      esac
      shift
    done
    [ -z "\${run:-}" ] || echo "$run" >"$here/$name"
    [ -z "\${run:-}" ] || printf '\\036%s\\n' "$run" ;;
  inspect*) echo '0 false exited' ;;
  cp*)
    mkdir -p "$3"
    cp "$here/\${2%%:*}" "$3/.run" ;;
esac ;;`)
  const log = join(folder, 'asked')
  return () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [])
}
