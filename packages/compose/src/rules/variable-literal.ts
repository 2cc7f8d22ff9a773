import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'

// What a `$$` leaves behind: a variable of Compose's syntax that Compose does not see.
const pattern = /\$\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?[-?+][^}]*)?\}/

export const variableLiteral: Rule<ComposeFile> = {
  id: 'compose/variable-literal',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A variable that is passed on as its name',
  why: 'Text is literal: the program gets the dollar and the braces, and few replace them.',
  help: "Write env('NAME', 'default') in place of the text; in a file of your own, one dollar.",
  references: ['Compose spec, "Interpolation"'],
  about: ['environment'],
  bad: { services: { app: { image: 'app:1', environment: { LEVEL: '$${LEVEL:-info}' } } } },
  good: { services: { app: { image: 'app:1', environment: { LEVEL: '${LEVEL:-info}' } } } },
  *check({ data }) {
    for (const { name, environment, path } of servicesWith(data, 'environment')) {
      for (const entry of environment) {
        const found = entry.value?.includes('$${') && pattern.exec(entry.value)
        if (!found) continue
        yield {
          path: [...path, 'environment', entry.key],
          message: `${entry.name} of ${name} has ${found[0].slice(1)} as text, not the variable ${found[1]}`,
        }
      }
    }
  },
}
