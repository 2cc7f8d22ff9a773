import { ORIGIN, type Origin, originOf, type ProjectContext, UserError } from '@erlmcp/core'
import { type Node, parseExpression } from '../expression/parse.ts'
import { ExpressionError } from '../expression/tokenize.ts'
import { type ContextName, contextNames, functions } from '../schema/contexts.ts'

/** What an expression is about, beside the contexts that are always there. */
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

/** Text with expressions in it, made by {@link text}; or text taken as it stands, {@link literal}. */
export interface TextValue {
  readonly kind: 'text'
  readonly parts: readonly (string | Expression)[]
  readonly [ORIGIN]?: Origin | undefined
}

/** What can stand where a workflow takes text. */
export type Value = string | number | boolean | Expression | TextValue

/** Text that is known when the files are made, by {@link deferred}. */
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

/** What can stand in an expression: another one, or a value that is quoted. */
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
 * read by a parser, so a misspelt function or context is refused here.
 *
 * @throws UserError for what GitHub could not read
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

/** Within quotes an operand would be a part of the text, or end it. */
function validateQuotes(pieces: readonly string[], origin: Origin): void {
  let quotes = 0
  for (const piece of pieces.slice(0, -1)) {
    quotes += piece.split("'").length - 1
    if (quotes % 2 === 0) continue
    throw new UserError({
      message: `a value stands within quotes, behind ${JSON.stringify(piece)}`,
      hint: 'Leave the quotes out: text is quoted by itself. For text around a value use format(…).',
      origin,
    })
  }
}

/** An expression that this package wrote, which needs no check. */
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
      message: `${JSON.stringify(trimmed)} is no expression: ${error.message}`,
      hint: `Look at character ${error.at + 1}. Braces are not part of it, and text is in single quotes.`,
      origin,
    })
  }
  return Object.freeze({ kind: 'expression', code: trimmed, references, [ORIGIN]: origin })
}

/** @throws ExpressionError for a context or function that there is not */
function validateNames(node: Node): void {
  if (node.kind === 'context') {
    if (contextNames.includes(node.name.toLowerCase() as ContextName)) return
    throw new ExpressionError(`there is no context ${node.name}`, node.at)
  }
  if (node.kind === 'call') {
    const known = functions[node.name.toLowerCase()]
    if (!known) throw new ExpressionError(`there is no function ${node.name}`, node.at)
    const [least, most] = known.arity
    const count = node.args.length
    if (count < least || count > most) {
      throw new ExpressionError(`${node.name} does not take ${count} arguments`, node.at)
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

/** Whether it holds together beside any operator: a path, or one text. */
function isSimple(code: string): boolean {
  return /^[A-Za-z_][\w.*-]*$/.test(code)
}

/** A text within an expression (Evaluate expressions, "Literals"). */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/**
 * Text with expressions in it. The rest of the template is taken as it stands.
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
    message: `there is no value behind ${JSON.stringify(piece)}`,
    hint: 'Look at its name: an output that is not declared is undefined.',
    origin,
  })
}

/**
 * Text that may hold `${{` and means just that: GitHub does not evaluate it.
 *
 * @example
 * run(literal('grep -rn "${{" .github'))
 */
export function literal(value: string): TextValue {
  return Object.freeze({ kind: 'text', parts: Object.freeze([value]), [ORIGIN]: originOf(literal) })
}

/** Text as it stands in the file: nothing in it is evaluated. */
export function escapeText(value: string): string {
  // A brace at the end of one part must not join with the next to open an expression.
  return value.replaceAll('${{', "${{ '${{' }}")
}
