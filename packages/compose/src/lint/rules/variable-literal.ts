import { memoize, type Rule, type Severity } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isTypeScript } from '../../model/dialect.ts'
import {
  anyVariable,
  isVariableName,
  type Literal,
  literals,
  type Reader,
} from '../../model/literals.ts'
import { isTwin } from '../../model/twins.ts'
import type { ComposeFormat } from '../../schema/facts.ts'
import { valuesWith } from '../../schema/sections.ts'
import { quoted, typescriptOf, variableHint, withoutVariables } from '../../values/typescript-of.ts'

const braced = /\$\{([A-Za-z_]\w*)(?::?[-?+][^}]*)?\}/
/** A separate word of an option: a dollar in a password seldom begins one. */
const bare = /(?:^|[/:=,@\s])(\$[A-Za-z_]\w*)/
const passwords = /(?:pass\w*|pwd|secret\w*|token|credentials?)=[^,;\s]*/gi
/** `$$` is an escaped dollar in a compose file, and the process ID in a shell. */
const doubled = /\$\$[A-Za-z_({]/

interface Sign {
  readonly pattern: RegExp
  readonly severity: Severity
}

// A warning where a program may replace the variable itself, else an error.
const signs: Readonly<Record<Reader, readonly Sign[]>> = {
  shell: [{ pattern: doubled, severity: 'error' }],
  program: [
    { pattern: doubled, severity: 'warning' },
    { pattern: braced, severity: 'warning' },
  ],
  options: [
    { pattern: braced, severity: 'error' },
    { pattern: bare, severity: 'error' },
  ],
  engine: [{ pattern: anyVariable, severity: 'error' }],
}

export const variableLiteral: Rule<ComposeFile> = {
  id: 'compose/variable-literal',
  kind: 'breaks',
  summary: 'Variable passed on as literal text',
  why: 'Text is literal: the program receives the dollar and the name, and few programs replace them.',
  hint: "Write `env('NAME', 'default')` in place of the text, and one dollar where a shell reads it.",
  fileHint:
    'Write one dollar for a variable of the environment, and two for one that a shell reads.',
  references: ['Compose spec, "Interpolation"'],
  bad: { services: { app: { image: 'app:1', environment: { LEVEL: '$${LEVEL:-info}' } } } },
  good: { services: { app: { image: 'app:1', environment: { LEVEL: '${LEVEL:-info}' } } } },
  *check({ data }) {
    for (const literal of literals(data)) {
      const { path, defaultOf } = literal
      if (isVariableName(path) || isTwin(data, path)) continue
      const rest = literal.reader === 'options' ? withoutPasswords(literal) : literal.rest
      const sign = signs[literal.reader].find(({ pattern }) => pattern.test(rest))
      if (!sign) continue
      const [whole, group] = sign.pattern.exec(rest)!
      const found = sign.pattern === bare ? group : whole
      const within = defaultOf === undefined ? '' : ` in the default of ${defaultOf}`
      const isTyped = isTypeScript(data)
      const hint = isTyped ? helpOf(literal, sign, formsOf(data).get(String(path))) : undefined
      yield {
        path,
        message: `${path.join('.')} has ${found} as text${within}, not as a variable`,
        // A doubled dollar in a handwritten file may be intended.
        severity: isTyped ? sign.severity : 'warning',
        ...(hint !== undefined && { hint }),
      }
    }
  },
}

/** An option without its passwords, whose dollars are literal. */
function withoutPasswords({ path, rest }: Literal): string {
  return /pass|secret|token|credential/i.test(String(path.at(-1)))
    ? ''
    : rest.replace(passwords, '')
}

const formsOf = memoize((data: ComposeFile): ReadonlyMap<string, ComposeFormat> => {
  const shaped = valuesWith(data, 'format')
  return new Map(shaped.map(({ path, schema }) => [String(path), schema.format!]))
})

function helpOf(
  { text, defaultOf }: Literal,
  { pattern }: Sign,
  format: ComposeFormat | undefined,
): string | undefined {
  if (pattern === doubled) {
    return `A dollar is literal here: write one, ${JSON.stringify(text.replace(/\$\$(?=[A-Za-z_({])/g, '$'))}.`
  }
  // Whether the text that an unset variable leaves is invalid.
  const filled = format !== undefined && !format.accepts(withoutVariables(text), true)
  if (defaultOf === undefined) return variableHint(text, filled)
  const code = typescriptOf(text, filled)
  return code && `A dollar is literal here: write ${quoted(`env('${defaultOf}', ${code})`)}.`
}
