import type * as Expressions from '@actions/expressions'
import { bundle } from './bundle.ts'

/** The value of text with `${{ … }}` in it, as GitHub evaluates it. */
export type Evaluate = (text: string, contexts: Readonly<Record<string, unknown>>) => string

/**
 * GitHub's own evaluator of expressions, `@actions/expressions`.
 *
 * @example
 * const evaluate = await githubExpressions()
 * evaluate('ci-${{ github.run_id }}', { github: { run_id: '7' } }) // 'ci-7'
 */
export async function githubExpressions(): Promise<Evaluate> {
  const { Lexer, Parser, Evaluator, data } = await bundle<typeof Expressions>([
    '@actions/expressions',
  ])
  return (text, contexts) => {
    const values = JSON.parse(JSON.stringify(contexts), data.reviver) as Expressions.data.Dictionary
    return text.replace(/\$\{\{((?:[^'}]|'[^']*'|\}(?!\}))*)\}\}/g, (_, code: string) => {
      const { tokens } = new Lexer(code.trim()).lex()
      const tree = new Parser(tokens, Object.keys(contexts), []).parse()
      return new Evaluator(tree, values).evaluate().coerceString()
    })
  }
}
