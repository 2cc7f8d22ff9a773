import { type Origin, UserError } from '@erlmcp/core'
import type { InputSpec } from '../values/inputs.ts'
import type { CallSpec } from '../values/job.ts'
import type { WorkflowSpec, WorkflowValue } from '../values/workflow.ts'
import { validateInputNames } from './step.ts'

/**
 * Refuses a call that GitHub refuses: of a workflow that cannot be called, without what it requires,
 * with what it does not know (workflow syntax, "on.workflow_call").
 *
 * @throws UserError
 */
export function validateCall(
  { path, inputs, spec }: WorkflowValue,
  { with: given = {}, secrets = {} }: CallSpec,
  origin: Origin | undefined,
): void {
  const declared = callOf(spec.on)
  if (declared === undefined) {
    throw new UserError({
      message: `${path} cannot be called`,
      hint: 'Let it have `workflow_call` under `on`.',
      origin,
    })
  }
  validateInputNames(path, inputs, given, origin)
  const known = Object.keys(declared?.secrets ?? {})
  const problem =
    problemOfInputs(declared?.inputs?.spec ?? {}, given) ??
    (secrets === 'inherit' ? undefined : problemOfSecrets(declared?.secrets ?? {}, secrets))
  if (problem === undefined) return
  const hint = known.length > 0 ? ` Its secrets are ${known.join(', ')}.` : ''
  throw new UserError({
    message: `${path} ${problem}`,
    hint: `Give it what it declares under \`workflow_call\`, and nothing else.${hint}`,
    origin,
  })
}

/** What it says to whoever calls it; undefined where nobody can. */
function callOf(on: WorkflowSpec['on']) {
  if (typeof on !== 'string' && 'workflow_call' in on) return on.workflow_call
  return [on].flat().includes('workflow_call') ? null : undefined
}

function problemOfInputs(
  declared: Readonly<Record<string, InputSpec>>,
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, { type, required, default: otherwise }] of Object.entries(declared)) {
    const value = given[name]
    if (value === undefined && required && otherwise === undefined) {
      return `requires the input ${name}`
    }
    // Of what GitHub evaluates nobody knows the type before.
    const isPlain = value !== undefined && typeof value !== 'object'
    if (isPlain && (type === 'number' || type === 'boolean') && typeof value !== type) {
      return `has an input ${name} that is a ${type}, and no ${typeof value}`
    }
  }
  return undefined
}

/** Names of secrets do not differ by case. */
function problemOfSecrets(
  declared: Readonly<Record<string, { readonly required?: boolean } | null>>,
  given: object,
): string | undefined {
  const among = (names: string[], name: string) =>
    names.some((one) => one.toLowerCase() === name.toLowerCase())
  const unknown = Object.keys(given).find((name) => !among(Object.keys(declared), name))
  if (unknown !== undefined) return `has no secret ${unknown}`
  const missing = Object.entries(declared).find(
    ([name, secret]) => secret?.required && !among(Object.keys(given), name),
  )
  return missing && `requires the secret ${missing[0]}`
}
