import { type Origin, UserError } from '@erlmcp/core'
import type { CallSpec, EventsSpec, WorkflowCallSpec, WorkflowSpec } from '../schema/author.gen.ts'
import type { InputSpec } from '../values/inputs.ts'
import type { WorkflowValue } from '../values/value-types.ts'
import { validateInputNames } from './step.ts'

/**
 * Validates a call against what the called workflow declares (workflow syntax, "on.workflow_call").
 *
 * @throws UserError for a workflow that is not reusable, and for unknown, missing or invalid inputs
 * and secrets
 */
export function validateCall(
  { path, inputs, spec }: WorkflowValue,
  { with: given = {}, secrets = {} }: CallSpec,
  origin: Origin | undefined,
): void {
  const declared = callOf((spec as WorkflowSpec).on)
  if (declared === undefined) {
    throw new UserError({
      message: `${path} is not a reusable workflow`,
      hint: 'Add `workflow_call` to its `on`.',
      origin,
    })
  }
  validateInputNames(path, inputs, given, origin)
  const known = Object.keys(declared?.secrets ?? {})
  const fault =
    findInputFault(declared?.inputs?.spec ?? {}, given) ??
    (secrets === 'inherit' ? undefined : findSecretFault(declared?.secrets ?? {}, secrets))
  if (fault === undefined) return
  const hint = known.length > 0 ? ` Its secrets are ${known.join(', ')}.` : ''
  throw new UserError({
    message: `${path} ${fault}`,
    hint: `Pass exactly the inputs and secrets that it declares under \`workflow_call\`.${hint}`,
    origin,
  })
}

/** What it declares for its callers; undefined where it is not reusable. */
function callOf(on: WorkflowSpec['on']): WorkflowCallSpec | null | undefined {
  if (typeof on !== 'string' && 'workflow_call' in on) return (on as EventsSpec).workflow_call
  return [on].flat().includes('workflow_call') ? null : undefined
}

function findInputFault(
  declared: Readonly<Record<string, InputSpec>>,
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, { type, required, default: fallback }] of Object.entries(declared)) {
    const value = given[name]
    if (value === undefined && required && fallback === undefined) {
      return `requires the input ${name}`
    }
    // The type of an expression is unknown until it is evaluated.
    const isPlain = value !== undefined && typeof value !== 'object'
    if (isPlain && (type === 'number' || type === 'boolean') && typeof value !== type) {
      return `declares the input ${name} as ${type}, got a ${typeof value}`
    }
  }
  return undefined
}

/** Names of secrets are case-insensitive. */
function findSecretFault(
  declared: Readonly<Record<string, { readonly required?: boolean } | null>>,
  given: object,
): string | undefined {
  const includes = (names: string[], name: string) =>
    names.some((one) => one.toLowerCase() === name.toLowerCase())
  const unknown = Object.keys(given).find((name) => !includes(Object.keys(declared), name))
  if (unknown !== undefined) return `does not declare the secret ${unknown}`
  const missing = Object.entries(declared).find(
    ([name, secret]) => secret?.required && !includes(Object.keys(given), name),
  )
  return missing && `requires the secret ${missing[0]}`
}
