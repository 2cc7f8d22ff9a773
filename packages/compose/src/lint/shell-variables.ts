import type { Rule } from '@erlmcp/core'
import type { Dotenv } from '../render/dotenv-document.ts'

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

export const variableOfShell: Rule<Dotenv> = {
  id: 'dotenv/variable-of-shell',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A variable that the shell sets itself, with a default',
  why: 'Compose prefers what the shell has, so the default is not in force; and a shell that reads the default from `.env` finds no command, or stops.',
  hint: "Give it a name of your own, as in `env('APP_PATH', '/bin')`.",
  references: ['POSIX XBD 8.3', 'Compose, "Environment variables precedence"'],
  bad: { variables: [{ name: 'PATH', uses: ['compose.yaml'], defaults: ['/bin'] }] },
  good: { variables: [{ name: 'APP_PATH', uses: ['compose.yaml'], defaults: ['/bin'] }] },
  *check({ data: { variables } }) {
    const reported = new Set<string>()
    for (const [index, { name, defaults = [] }] of variables.entries()) {
      if (!isOfShell(name) || reported.has(name) || defaults.every((text) => text === '')) continue
      reported.add(name)
      yield {
        path: ['variables', index],
        message: `the shell sets ${name} itself: its default is not in force`,
        hint: `Give it a name of your own, as in \`env('APP_${name}', ${JSON.stringify(defaults[0])})\`.`,
      }
    }
  },
}
