import type { Rule } from '@erlmcp/core'
import type { Node } from '../../expression/parse.ts'
import { expressionsOf, nodesIn } from '../../model/expressions.ts'
import { contextNames, functions } from '../../schema/contexts.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

/** Unknown names and wrong arguments of an expression. */
function findFaults(node: Node): string[] {
  return [...nodesIn(node)].flatMap((one) => {
    if (one.kind === 'context') {
      const known = contextNames.some((name) => name === one.name.toLowerCase())
      return known ? [] : [`unknown context ${one.name}`]
    }
    if (one.kind !== 'call') return []
    const known = functions[one.name.toLowerCase()]
    if (!known) return [`unknown function ${one.name}`]
    const count = one.args.length
    const hole = holeIn(one)
    if (hole !== undefined) return [`${one.name} has no argument for {${hole}}`]
    const fits = count >= known.arity[0] && count <= known.arity[1]
    return fits ? [] : [`${one.name} does not accept ${count} arguments`]
  })
}

/** The first placeholder of a format text without an argument; `{{` is a brace. */
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
  summary: 'Invalid expression',
  why: 'GitHub rejects the file.',
  hint: 'Write text in single quotes, and use only documented contexts and functions.',
  references: ['actionlint expression'],
  bad: withSteps({ run: 'make', if: 'github.ref = "main"' }),
  good: withSteps({ run: 'make', if: "github.ref == 'refs/heads/main'" }),
  *check({ data }) {
    for (const { path, code, node, error } of expressionsOf(data)) {
      const faults = node ? findFaults(node) : [error]
      for (const fault of faults) {
        yield { path, message: `invalid expression ${JSON.stringify(code)}: ${fault}` }
      }
    }
  },
}
