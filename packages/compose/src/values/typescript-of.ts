/**
 * The TypeScript for text with variables in Compose syntax: `env('UID', 1000)` for `${UID:-1000}`. For
 * hints: in a `stack.ts` a dollar is literal.
 *
 * @param filled whether the text is invalid without the variable, so that one without a default is required
 * @returns undefined for text without a variable, or with one that cannot be parsed
 * @example
 * typescriptOf('redis:${TAG:-8}') // interpolate`redis:${env('TAG', 8)}`
 */
export function typescriptOf(text: string, filled = false): string | undefined {
  const parts = partsOf(text, filled)
  if (!parts?.some(({ code }) => code)) return undefined
  const [only] = parts
  if (parts.length === 1) return only!.text
  const inside = parts.map((part) => (part.code ? `\${${part.text}}` : templateText(part.text)))
  return `interpolate\`${inside.join('')}\``
}

/** For text with a variable in Compose syntax: the hint with the TypeScript to write instead. */
export function variableHint(text: unknown, filled = false): string | undefined {
  const code = typeof text === 'string' ? typescriptOf(text, filled) : undefined
  return code === undefined ? undefined : `A dollar is literal here: write ${quoted(code)}.`
}

/** Inline code as in Markdown: between two backticks where it contains one. */
export function quoted(code: string): string {
  return code.includes('`') ? `\`\` ${code} \`\`` : `\`${code}\``
}

/** The text where no variable is set: its defaults, or nothing. */
export function withoutVariables(text: string): string {
  return text.replace(variable, (...match) => (match[3]?.endsWith('-') ? String(match[4]) : ''))
}

interface Part {
  readonly code: boolean
  readonly text: string
}

const variable = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}$]*))?\})/g

function partsOf(text: string, filled: boolean): readonly Part[] | undefined {
  const parts: Part[] = []
  let at = 0
  for (const match of text.matchAll(variable)) {
    if (match.index > at) parts.push({ code: false, text: text.slice(at, match.index) })
    const [whole, bare, braced, operator = '', operand = ''] = match
    const kind = operand === '' && filled ? '?' : operator.replace(':', '')
    parts.push({ code: true, text: call((bare ?? braced)!, kind, operand) })
    at = match.index + whole.length
  }
  if (at < text.length) parts.push({ code: false, text: text.slice(at) })
  // The rest is a nested variable, or one that Compose cannot parse either.
  return parts.some(({ code, text: rest }) => !code && rest.includes('${')) ? undefined : parts
}

function call(name: string, operator: string, operand: string): string {
  if (operator === '?') return `required('${name}', ${literal(operand || `set ${name}`)})`
  if (operator === '+') return `whenSet('${name}', ${literal(operand)})`
  if (operand === '') return `env('${name}')`
  const isNumber = String(Number(operand)) === operand
  return `env('${name}', ${isNumber ? operand : literal(operand)})`
}

function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`
}

function templateText(text: string): string {
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&')
}
