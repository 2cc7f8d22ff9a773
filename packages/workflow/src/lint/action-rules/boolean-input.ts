import type { Rule } from '@erlmcp/core'
import type { Node } from '../../expression/parse.ts'
import { declaredBooleans } from '../../model/boolean-inputs.ts'
import { expressionsOf, isCondition, pathOf } from '../../model/expressions.ts'
import { isMap } from '../../model/jobs.ts'
import type { ActionFile } from '../../schema/document.gen.ts'

/** The operands that an expression evaluates as a boolean. */
function* booleanOperands(node: Node, isDecision: boolean): Iterable<Node> {
  if (node.kind === 'not') yield* booleanOperands(node.of, true)
  else if (node.kind === 'binary' && (node.sign === '&&' || node.sign === '||')) {
    yield* booleanOperands(node.left, isDecision || node.sign === '&&')
    yield* booleanOperands(node.right, isDecision)
  } else if (node.kind === 'binary' && (node.sign === '==' || node.sign === '!=')) {
    const isBoolean = (one: Node) => one.kind === 'literal' && typeof one.value === 'boolean'
    if (isBoolean(node.right)) yield node.left
    if (isBoolean(node.left)) yield node.right
  } else if (node.kind === 'call') for (const one of node.args) yield* booleanOperands(one, false)
  else if (isDecision) yield node
}

/** Inputs that are boolean by their declaration or their default. */
function booleansOf(data: ActionFile): ReadonlySet<string> {
  const byDefault = Object.entries(isMap(data.inputs) ? data.inputs : {}).flatMap(
    ([name, input]) =>
      isMap(input) && /^(?:true|false)$/.test(String(input.default)) ? [name.toLowerCase()] : [],
  )
  return new Set([...declaredBooleans(data), ...byDefault])
}

const action = (condition: string): ActionFile => ({
  name: 'Setup',
  description: 'First steps of every job',
  inputs: { cache: { default: 'true' } },
  runs: { using: 'composite', steps: [{ run: 'make cache', shell: 'bash', if: condition }] },
})

export const booleanInput: Rule<ActionFile> = {
  id: 'action/boolean-input',
  kind: 'breaks',
  summary: 'Input of an action used as a boolean',
  why: "Inputs of an action are text, and the text 'false' is true: the condition always holds.",
  hint: "Compare it with a text: inputs.NAME == 'true'.",
  references: ['Metadata syntax, inputs', 'GitHub docs, "Evaluate expressions"'],
  bad: action('inputs.cache'),
  good: action("inputs.cache == 'true'"),
  *check({ data }) {
    const booleans = booleansOf(data)
    for (const { path, node } of expressionsOf(data)) {
      for (const one of node ? booleanOperands(node, isCondition(path)) : []) {
        const [context, name = '', ...rest] = pathOf(one) ?? []
        if (context !== 'inputs' || rest.length > 0 || !booleans.has(name)) continue
        const message = `inputs.${name} is text, which is true even if it is 'false'`
        yield { path, message, hint: `Write inputs.${name} == 'true'.` }
      }
    }
  },
}
