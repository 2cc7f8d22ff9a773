// A shell that reads them from a file loses its commands, its folder or its prompt, or stops: some
// are read-only there.
const names = new Set(
  (
    'BASHOPTS BASH_ENV CDPATH ENV EUID GROUPS HOME IFS LD_LIBRARY_PATH LD_PRELOAD OLDPWD OPTIND ' +
    'PATH PPID PS1 PS2 PS4 PWD SHELL SHELLOPTS UID'
  ).split(' '),
)

/** Whether a variable is one that each shell sets itself, or works by. */
export function isOfShell(name: string): boolean {
  return names.has(name)
}
