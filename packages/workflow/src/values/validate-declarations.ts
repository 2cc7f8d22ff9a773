import {
  type Document,
  formatValue,
  isBranded,
  type Location,
  locate,
  ORIGIN,
  type Origin,
  type Path,
  UserError,
} from '@erlmcp/core'
import { isExpression } from './expression.ts'
import type { WorkflowSpec } from './workflow.ts'

/**
 * Refuses inputs and outputs that were pasted from a workflow file: here they are values, which jobs
 * and steps then use.
 *
 * @throws UserError
 */
export function validateDeclarations(path: string, on: WorkflowSpec['on'], origin: Origin): void {
  if (typeof on !== 'object' || on === null || Array.isArray(on)) return
  const { workflow_call: call, workflow_dispatch: dispatch } = on as Readonly<
    Record<string, Readonly<Record<string, unknown>> | null | undefined>
  >
  validateInputs(path, call?.inputs, ['on', 'workflow_call', 'inputs'], origin)
  validateInputs(path, dispatch?.inputs, ['on', 'workflow_dispatch', 'inputs'], origin)
  validateOutputs(path, call?.outputs, ['on', 'workflow_call', 'outputs'], origin)
}

/** @throws UserError for inputs that are not made by `inputs(…)` */
export function validateInputs(what: string, given: unknown, at: Path, origin: Origin): void {
  if (given === undefined || given === null || isBranded(given, 'inputs')) return
  throw new UserError({
    message: `the inputs of ${what}: expected a value of inputs(…), got ${formatValue(given)}`,
    hint: "Write `const given = inputs({ NAME: { type: 'string' } })` and `inputs: given`; steps read given.value.NAME.",
    location: placeOf(origin, at),
  })
}

/** @throws UserError for an output whose value is no expression */
export function validateOutputs(what: string, given: unknown, at: Path, origin: Origin): void {
  if (given === undefined || given === null) return
  const location = placeOf(origin, at)
  if (typeof given !== 'object' || Array.isArray(given)) {
    const text = `the outputs of ${what}: expected an object, got ${formatValue(given)}`
    throw new UserError({ message: text, hint: outputHelp(), location })
  }
  for (const [name, output] of Object.entries(given)) {
    const value: unknown = (output as { readonly value?: unknown } | null)?.value
    if (isExpression(value)) continue
    throw new UserError({
      message: `the output ${name} of ${what}: expected the output of a job or step, got ${formatValue(value)}`,
      hint: outputHelp(typeof value === 'string' ? value : undefined),
      location: placeOf(origin, [...at, name]),
    })
  }
}

/** How an output is written, in the names of one that was pasted. */
function outputHelp(pasted = ''): string {
  const [, of = 'build', name = 'NAME'] =
    /(?:jobs|steps)\.([\w-]+)\.outputs\.([\w-]+)/.exec(pasted) ?? []
  const variable = of.replaceAll(/-+(\w?)/g, (_, next: string) => next.toUpperCase())
  const property = /^\w+$/.test(name) ? `.${name}` : `['${name}']`
  return `Write \`value: ${variable}.outputs${property}\`, with the value ${variable} that says \`outputs\`.`
}

function placeOf(origin: Origin, path: Path): Location | undefined {
  return locate({ data: { [ORIGIN]: origin } } as unknown as Document, path)
}
