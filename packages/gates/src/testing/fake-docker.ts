import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Puts a program called docker on PATH that answers as an engine does on which every gate is green,
 * and remembers what it was asked. What it does instead is shell, before its own answers: `$*` are
 * the words, `$1` and `$2` the first two.
 *
 * @returns how to undo it, and what it was asked
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
