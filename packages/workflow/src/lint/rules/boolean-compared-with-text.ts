import type { Rule } from '@erlmcp/core'
import type { Node } from '../../expression/parse.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../model/example.ts'
import { expressionsOf, nodesIn, pathOf } from '../model/expressions.ts'
import { type JobPlace, jobsOf } from '../model/jobs.ts'
import { typesIn, type ValueType } from '../model/types.ts'

const dispatch = { workflow_dispatch: { inputs: { dry: { type: 'boolean' } } } } as const

export const booleanComparedWithText: Rule<WorkflowFile> = {
  id: 'workflow/boolean-compared-with-text',
  kind: 'breaks',
  summary: "A comparison of true or false with the text 'true' or 'false'",
  why: "GitHub turns both into numbers, and 'true' is none: == is never true, and != always.",
  hint: 'Use an input of type boolean as it is: `inputs.dry`, `!inputs.dry`. Compare an output with a text.',
  references: ['GitHub docs, "Evaluate expressions"'],
  bad: { ...withSteps({ run: 'make', if: "inputs.dry == 'true'" }), on: dispatch },
  good: { ...withSteps({ run: 'make', if: '!inputs.dry' }), on: dispatch },
  *check({ data }) {
    const typeOf = typesIn(data)
    const jobs = new Map(jobsOf(data).map((place) => [place.id, place]))
    for (const { path, node } of expressionsOf(data)) {
      const job = path[0] === 'jobs' ? jobs.get(String(path[1])) : undefined
      for (const one of node ? nodesIn(node) : []) {
        if (one.kind !== 'binary' || (one.sign !== '==' && one.sign !== '!=')) continue
        const pairs = [
          [one.left, one.right],
          [one.right, one.left],
        ] as const
        for (const [side, other] of pairs) {
          const name = pathOf(side)
          const type = name && typeOf(name, job)
          const against = kindOf(other, job, typeOf)
          if (!name || !against || !type || type === 'number' || type === against.type) continue
          // Two paths are a pair from either side.
          if (side === one.right && pathOf(other)) continue
          const shown = name.join('.')
          const message =
            type === 'boolean'
              ? `${shown} is true or false, and never equal to ${against.shown}`
              : `${shown} is text, and the text 'true' or 'false' is not equal to ${against.shown}`
          yield { path, message, hint: helpFor(type, shown) }
        }
      }
    }
  },
}

function helpFor(type: ValueType, name: string): string {
  return type === 'boolean'
    ? `Use it as it is: ${name}, or !${name}.`
    : `Compare it with a text: ${name} == 'true'.`
}

/** What a value is compared with: 'true', true, or another value whose type is known. */
function kindOf(
  node: Node,
  job: JobPlace | undefined,
  typeOf: ReturnType<typeof typesIn>,
): { readonly type: ValueType; readonly shown: string } | undefined {
  if (node.kind === 'literal') {
    if (typeof node.value === 'boolean') return { type: 'boolean', shown: String(node.value) }
    const isNumeric = typeof node.value === 'string' && !Number.isNaN(Number(node.value))
    if (typeof node.value === 'string' && !isNumeric)
      return { type: 'text', shown: `'${node.value}'` }
    return undefined
  }
  const path = pathOf(node)
  const type = path && typeOf(path, job)
  // Of a text that comes from elsewhere only one thing is known: compared with a boolean it is a number.
  return path && type === 'boolean' ? { type, shown: path.join('.') } : undefined
}
