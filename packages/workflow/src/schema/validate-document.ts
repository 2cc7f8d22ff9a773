import {
  formatViolation,
  isObject,
  type Schema,
  type SchemaViolation,
  toUserError,
  validate,
} from '@erlmcp/core'
import { UNKNOWN_KEYS } from '../unknown-keys.ts'
import type { WorkflowFile } from './document.gen.ts'

// An expression in a text may become any text.
const resolve = (text: string) => (text.includes('${{') ? undefined : text)

/** What GitHub rejects of a file, leaving aside the keys that its author declared as unknown. */
export function validateDocument(schema: Schema, file: object): readonly SchemaViolation[] {
  return validate(schema, file, { resolve, nan: true }).filter((one) => !isDeclared(file, one))
}

/** @throws UserError with everything that GitHub rejects of a file that was overridden */
export function validateFile(schema: Schema, file: object): void {
  fail(validateDocument(schema, file))
}

/** @throws UserError as `validateFile`, and for a job without steps, which runs nothing */
export function validateWorkflowFile(schema: Schema, file: WorkflowFile): void {
  const jobs = isObject(file.jobs) ? Object.entries(file.jobs) : []
  const empty = jobs.filter(
    ([, job]) => isObject(job) && job.uses === undefined && !job.steps?.length,
  )
  const violations = empty.map(([id]) => ({
    path: ['jobs', id, 'steps'],
    message: 'expected a list of steps, got none',
    hint: 'Add a step.',
    code: 'invalid' as const,
  }))
  fail([...validateDocument(schema, file), ...violations])
}

function fail(violations: readonly SchemaViolation[]): void {
  if (violations.length > 0) throw toUserError(violations, undefined, formatViolation)
}

function isDeclared(file: object, { path, code }: SchemaViolation): boolean {
  if (code !== 'unknown') return false
  let node: unknown = file
  for (const key of path.slice(0, -1)) node = (node as Record<string | number, unknown>)[key]
  const declared = (node as { readonly [UNKNOWN_KEYS]?: readonly string[] })[UNKNOWN_KEYS] ?? []
  return declared.includes(String(path.at(-1)))
}
