import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Adds a program `docker` to PATH that behaves as an engine on which every gate passes, and logs its
 * arguments.
 *
 * @param instead shell code that runs first, with the arguments in `$*`
 * @returns removes it from PATH, and the logged command lines
 */
export function fakeDocker(folder: string, instead = ''): { undo(): void; asked(): string[] } {
  mkdirSync(folder, { recursive: true })
  const log = join(folder, 'asked')
  writeFileSync(log, '')
  const script = `#!/bin/sh
printf '%s\\n' "$(echo "$*" | tr '\\n' ' ')" >>'${log}'
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
    [ -z "\${run:-}" ] || echo "$run" >'${folder}'/"$name"
    [ -z "\${run:-}" ] || printf '\\036%s\\n' "$run" ;;
  inspect*) echo '0 false exited' ;;
  cp*)
    mkdir -p "$3"
    cp '${folder}'/"\${2%%:*}" "$3/.run" ;;
esac
`
  const program = join(folder, 'docker')
  writeFileSync(program, script)
  chmodSync(program, 0o755)
  const { PATH } = process.env
  process.env.PATH = `${folder}${delimiter}${PATH}`
  return {
    undo() {
      process.env.PATH = PATH
    },
    asked: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
  }
}
