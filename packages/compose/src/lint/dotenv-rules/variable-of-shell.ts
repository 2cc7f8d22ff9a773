import type { Rule } from '@erlmcp/core'
import { isOfShell } from '../../model/shell-variables.ts'
import type { Dotenv } from '../../render/dotenv-document.ts'

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
