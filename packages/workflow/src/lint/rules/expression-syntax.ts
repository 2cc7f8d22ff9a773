import type { Rule } from '@erlmcp/core'
import type { Node } from '../../expression/parse.ts'
import { contextNames, functions } from '../../schema/contexts.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { expressionsOf, nodesIn } from '../model/expressions.ts'

/** What is wrong with the names of an expression. */
function namesIn(node: Node): string[] {
  return [...nodesIn(node)].flatMap((one) => {
    if (one.kind === 'context') {
      const known = contextNames.some((name) => name === one.name.toLowerCase())
      return known ? [] : [`there is no context ${one.name}`]
    }
    if (one.kind !== 'call') return []
    const known = functions[one.name.toLowerCase()]
    if (!known) return [`there is no function ${one.name}`]
    const count = one.args.length
    const hole = holeIn(one)
    if (hole !== undefined) return [`${one.name} is given nothing for {${hole}}`]
    const fits = count >= known.arity[0] && count <= known.arity[1]
    return fits ? [] : [`${one.name} does not take ${count} arguments`]
  })
}

/** The first place of a format text that no argument is for; a brace twice is a brace. */
function holeIn({ name, args: [text, ...rest] }: Node & { kind: 'call' }): string | undefined {
  if (name.toLowerCase() !== 'format' || text?.kind !== 'literal') return undefined
  const places = String(text.value)
    .replaceAll('{{', '')
    .matchAll(/\{(\d+)\}/g)
  return [...places].map(([, index]) => index!).find((index) => Number(index) >= rest.length)
}

export const expressionSyntax: Rule<WorkflowFile> = {
  id: 'workflow/expression-syntax',
  kind: 'invalid',
  summary: 'An expression that cannot be read',
  why: 'GitHub refuses the file.',
  hint: 'Text is in single quotes; there are the contexts and functions of the reference, and no others.',
  references: ['actionlint expression'],
  bad: withSteps({ run: 'make', if: 'github.ref = "main"' }),
  good: withSteps({ run: 'make', if: "github.ref == 'refs/heads/main'" }),
  *check({ data }) {
    for (const { path, code, node, error } of expressionsOf(data)) {
      const problems = node ? namesIn(node) : [error]
      for (const problem of problems) {
        yield { path, message: `${JSON.stringify(code)} is no expression: ${problem}` }
      }
    }
  },
}
