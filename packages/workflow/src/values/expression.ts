import { ORIGIN, type Origin, originOf, type ProjectContext, UserError } from '@erlmcp/core'
import { type Node, parseExpression } from '../expression/parse.ts'
import { ExpressionError } from '../expression/tokenize.ts'
import { type ContextName, contextNames, functions } from '../schema/contexts.ts'

/** What an expression refers to, beside contexts. */
export type Reference =
  | { readonly kind: 'step'; readonly value: object; readonly id: string }
  | { readonly kind: 'job'; readonly value: object; readonly id: string }
  | { readonly kind: 'matrix'; readonly value: object }
  | { readonly kind: 'inputs'; readonly value: object }

/**
 * What GitHub evaluates when the workflow runs, without its braces. Made by {@link expr}, by the
 * contexts ({@link github}, {@link secrets}, …) and by the outputs of steps and jobs.
 */
export interface Expression {
  readonly kind: 'expression'
  readonly code: string
  readonly references: readonly Reference[]
  readonly [ORIGIN]?: Origin | undefined
}

/** Text with expressions in it, made by {@link text}; or literal text, {@link literal}. */
export interface TextValue {
  readonly kind: 'text'
  readonly parts: readonly (string | Expression)[]
  readonly [ORIGIN]?: Origin | undefined
}

/** A value where a workflow expects text. */
export type Value = string | number | boolean | Expression | TextValue

/** Text that is known when the files are rendered, by {@link deferred}. */
export interface Deferred {
  readonly kind: 'deferred'
  of(project: ProjectContext): string | TextValue
}

/**
 * Text that depends on the project: on the folder of the stack within the repository, on its
 * package manager, on what writes its files.
 *
 * @example
 * uses('actions/upload-artifact', {
 *   with: { path: deferred(({ folder }) => posix.join(folder, 'logs')) },
 * })
 */
export function deferred(of: Deferred['of']): Deferred {
  return Object.freeze({ kind: 'deferred', of })
}

export function isDeferred(value: unknown): value is Deferred {
  return (value as Deferred | null)?.kind === 'deferred'
}

/** An operand of an expression: another expression, or a value, which is quoted. */
export type Operand = Expression | string | number | boolean | null

export function isExpression(value: unknown): value is Expression {
  const { kind, code, references } = (value ?? {}) as Partial<Expression>
  return kind === 'expression' && typeof code === 'string' && Array.isArray(references)
}

export function isTextValue(value: unknown): value is TextValue {
  return (value as TextValue | null)?.kind === 'text'
}

/**
 * An expression. What is put into the template is quoted, or is itself an expression; the rest is
 * parsed, so that a misspelt function or context is an error.
 *
 * @throws UserError for an invalid expression
 * @example
 * const onMain = expr`${github.ref} == 'refs/heads/main'`
 * job('deploy', { if: expr`${onMain} && ${build.result} == 'success'`, … })
 */
export function expr(code: TemplateStringsArray | string, ...operands: Operand[]): Expression {
  const origin = originOf(expr)
  if (typeof code === 'string') return validatedExpression(code, [], origin)
  validateQuotes(code.raw, origin)
  const pieces = code.raw.map((piece, index) =>
    index < operands.length ? piece + operandText(operands[index]!) : piece,
  )
  const references = operands.filter(isExpression).flatMap((one) => one.references)
  return validatedExpression(pieces.join(''), references, origin)
}

/** An operand within quotes would be part of the text, or end it. */
function validateQuotes(pieces: readonly string[], origin: Origin): void {
  let quotes = 0
  for (const piece of pieces.slice(0, -1)) {
    quotes += piece.split("'").length - 1
    if (quotes % 2 === 0) continue
    throw new UserError({
      message: `a value within quotes, after ${JSON.stringify(piece)}`,
      hint: 'Remove the quotes: text is quoted automatically. Use format(…) for text around a value.',
      origin,
    })
  }
}

/** An expression of this package, which is valid. */
export function rawExpression(code: string, references: readonly Reference[] = []): Expression {
  return Object.freeze({ kind: 'expression', code, references: Object.freeze(references) })
}

function validatedExpression(
  code: string,
  references: readonly Reference[],
  origin: Origin,
): Expression {
  const trimmed = code.trim()
  try {
    validateNames(parseExpression(trimmed))
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new UserError({
      message: `invalid expression ${JSON.stringify(trimmed)}: ${error.message}`,
      hint: `Fix it at character ${error.at + 1}. Write no braces, and text in single quotes.`,
      origin,
    })
  }
  return Object.freeze({ kind: 'expression', code: trimmed, references, [ORIGIN]: origin })
}

/** @throws ExpressionError for an unknown context or function */
function validateNames(node: Node): void {
  if (node.kind === 'context') {
    if (contextNames.includes(node.name.toLowerCase() as ContextName)) return
    throw new ExpressionError(`unknown context ${node.name}`, node.at)
  }
  if (node.kind === 'call') {
    const known = functions[node.name.toLowerCase()]
    if (!known) throw new ExpressionError(`unknown function ${node.name}`, node.at)
    const [least, most] = known.arity
    const count = node.args.length
    if (count < least || count > most) {
      throw new ExpressionError(`${node.name} does not accept ${count} arguments`, node.at)
    }
    for (const one of node.args) validateNames(one)
  }
  if ('of' in node) validateNames(node.of)
  if (node.kind === 'index') validateNames(node.index)
  if (node.kind === 'binary') {
    validateNames(node.left)
    validateNames(node.right)
  }
}

function operandText(operand: Operand): string {
  if (typeof operand === 'string') return quoteText(operand)
  if (!isExpression(operand)) return String(operand)
  return isSimple(operand.code) ? operand.code : `(${operand.code})`
}

/** Whether it needs no parentheses beside an operator: a path. */
function isSimple(code: string): boolean {
  return /^[A-Za-z_][\w.*-]*$/.test(code)
}

/** A text within an expression (Evaluate expressions, "Literals"). */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/**
 * Text with expressions in it. The rest of the template is literal.
 *
 * @example
 * uses('docker/login-action', { with: { username: github.actor } })
 * workflow('.github/workflows/ci.yml', { 'run-name': text`Checks of ${github.ref_name}`, … })
 */
export function text(strings: TemplateStringsArray, ...holes: Value[]): TextValue {
  const origin = originOf(text)
  const parts = strings.flatMap((piece, index): (string | Expression)[] => {
    const hole: Value | null | undefined = index < holes.length ? holes[index] : ''
    if (hole === undefined || hole === null) throw noValue(piece, origin)
    const inner = isTextValue(hole) ? hole.parts : [isExpression(hole) ? hole : String(hole)]
    return [piece, ...inner]
  })
  return Object.freeze({ kind: 'text', parts: parts.filter((one) => one !== ''), [ORIGIN]: origin })
}

function noValue(piece: string, origin: Origin): UserError {
  return new UserError({
    message: `missing value after ${JSON.stringify(piece)}`,
    hint: 'Check its name: an undeclared output is undefined.',
    origin,
  })
}

/**
 * Text that may contain `${{`, which GitHub does not evaluate.
 *
 * @example
 * run(literal('grep -rn "${{" .github'))
 */
export function literal(value: string): TextValue {
  return Object.freeze({ kind: 'text', parts: Object.freeze([value]), [ORIGIN]: originOf(literal) })
}

/** Text of which GitHub evaluates nothing. */
export function escapeText(value: string): string {
  // A brace at the end of one part must not open an expression with the next.
  return value.replaceAll('${{', "${{ '${{' }}")
}
