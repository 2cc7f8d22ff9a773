import type { Rule, Severity } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { variableHint } from '../typescript-of.ts'
import { isTypeScript } from './reading/dialect.ts'
import { type Literal, literals, type Reader } from './reading/literals.ts'

const braced = /\$\{([A-Za-z_]\w*)(?::?[-?+][^}]*)?\}/
const any = /\$(?:\{[A-Za-z_][^}]*\}|[A-Za-z_]\w*|\()/
/** Two dollars are a compose file's word for one: to a shell they are its process. */
const doubled = /\$\$[A-Za-z_({]/

interface Sign {
  readonly pattern: RegExp
  readonly severity: Severity
}

// What nobody can mean is an error; what a program may replace itself is a warning.
const signs: Readonly<Record<Reader, readonly Sign[]>> = {
  shell: [{ pattern: doubled, severity: 'error' }],
  program: [
    { pattern: doubled, severity: 'warning' },
    { pattern: braced, severity: 'warning' },
  ],
  options: [{ pattern: braced, severity: 'error' }],
  engine: [{ pattern: any, severity: 'error' }],
}

export const variableLiteral: Rule<ComposeFile> = {
  id: 'compose/variable-literal',
  kind: 'breaks',
  summary: 'A variable that is passed on as its name',
  why: 'Text is literal: the program gets the dollar and the name, and few replace them.',
  help: "Write `env('NAME', 'default')` in place of the text, and one dollar where a shell reads it.",
  fileHelp:
    'Write one dollar for a variable of the environment, and two for one that a shell reads.',
  references: ['Compose spec, "Interpolation"'],
  bad: { services: { app: { image: 'app:1', environment: { LEVEL: '$${LEVEL:-info}' } } } },
  good: { services: { app: { image: 'app:1', environment: { LEVEL: '${LEVEL:-info}' } } } },
  *check({ data }) {
    for (const literal of literals(data)) {
      const sign = signs[literal.reader].find(({ pattern }) => pattern.test(literal.text))
      if (!sign) continue
      const found = sign.pattern.exec(literal.text)![0]
      const help = isTypeScript(data) ? helpOf(literal, sign) : undefined
      yield {
        path: literal.path,
        message: `${literal.path.join('.')} has ${found} as text, not as a variable`,
        // Who doubled a dollar in a file of their own may have meant it.
        severity: isTypeScript(data) ? sign.severity : 'warning',
        ...(help !== undefined && { help }),
      }
    }
  },
}

function helpOf({ text }: Literal, { pattern }: Sign): string | undefined {
  if (pattern !== doubled) return variableHint(text)
  return `A dollar is literal here: write one, ${JSON.stringify(text.replace(/\$\$(?=[A-Za-z_({])/g, '$'))}.`
}
