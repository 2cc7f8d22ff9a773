import type { Rule } from '@erlmcp/core'
import type { Node } from '../../expression/parse.ts'
import { expressionsOf, nodesIn, pathOf } from '../../model/expressions.ts'
import { type JobPlace, jobsOf } from '../../model/jobs.ts'
import { typesIn, type ValueType } from '../../model/types.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

const dispatch = { workflow_dispatch: { inputs: { dry: { type: 'boolean' } } } } as const

export const booleanComparedWithText: Rule<WorkflowFile> = {
  id: 'workflow/boolean-compared-with-text',
  kind: 'breaks',
  summary: 'Boolean compared with a text',
  why: 'GitHub converts both to numbers, and a text becomes NaN: `==` is always false and `!=` always true.',
  hint: 'Use a boolean input directly, as `inputs.dry` or `!inputs.dry`; compare an output with a text.',
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
          // A pair of paths is reported once.
          if (side === one.right && pathOf(other)) continue
          const shown = name.join('.')
          const message =
            type === 'boolean'
              ? `${shown} is a boolean and never equals ${against.shown}`
              : `${shown} is text and never equals ${against.shown}`
          yield { path, message, hint: hintFor(type, shown) }
        }
      }
    }
  },
}

function hintFor(type: ValueType, name: string): string {
  return type === 'boolean'
    ? `Use it directly: ${name}, or !${name}.`
    : `Compare it with a text: ${name} == 'true'.`
}

/** The other side of the comparison, where its type is known. */
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
  // A text of unknown value is a number when it is compared with a boolean.
  return path && type === 'boolean' ? { type, shown: path.join('.') } : undefined
}
