import { findSuggestion, UserError } from '@erlmcp/core'
import { jobOrder, stepOrder, workflowOrder } from './order.ts'

/**
 * Holds the data of a workflow that did not come from our values against the workflow syntax: its
 * keys, and the form of its jobs and steps.
 *
 * @throws UserError for a key that GitHub does not have, or a value that it cannot read
 */
export function validateFile(file: object): void {
  validateKeys('the workflow', file, workflowOrder)
  const { on, jobs } = file as { readonly on?: unknown; readonly jobs?: unknown }
  if (on === undefined || on === null) throw invalid('the workflow', '`on`, an event', on)
  for (const [id, job] of Object.entries(recordAt('jobs', jobs))) {
    const place = `jobs.${id}`
    const { uses, steps, 'runs-on': machine } = validateKeys(place, job, jobOrder)
    if (uses !== undefined) continue
    if (machine === undefined) throw invalid(place, '`runs-on` or `uses`', machine)
    if (!Array.isArray(steps) || steps.length === 0)
      throw invalid(`${place}.steps`, 'a list of steps', steps)
    for (const [index, step] of steps.entries()) checkStep(`${place}.steps.${index}`, step)
  }
}

const acts = ['run', 'uses', 'parallel', 'wait', 'wait-all', 'cancel']

function checkStep(place: string, step: unknown): void {
  const node = validateKeys(place, step, stepOrder)
  const found = acts.filter((key) => node[key] !== undefined)
  if (found.length !== 1)
    throw invalid(place, `one of ${acts.join(', ')}`, found.join(' and ') || undefined)
  for (const key of ['run', 'uses'] as const) {
    const value = node[key]
    if (value !== undefined && typeof value !== 'string')
      throw invalid(`${place}.${key}`, 'text', value)
  }
}

function validateKeys(
  place: string,
  node: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  const record = recordAt(place, node)
  const key = Object.keys(record).find((one) => !known.includes(one))
  if (key === undefined) return record
  const meant = findSuggestion(key, known)
  throw new UserError({
    message: `${place} has the unknown key ${JSON.stringify(key)}`,
    hint: meant ? `Did you mean \`${meant}\`?` : `Known keys are ${known.join(', ')}.`,
  })
}

function recordAt(place: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw invalid(place, 'an object', value)
}

function invalid(place: string, expected: string, got: unknown): UserError {
  return new UserError({
    message: `${place}: expected ${expected}, got ${JSON.stringify(got) ?? 'nothing'}`,
    hint: 'Look at the override or patch of this file.',
  })
}
