import type { Path } from '@erlmcp/core'
import { actionSchema } from './action.ts'
import { functions } from './contexts.ts'
import type { WorkflowSchema } from './facts.ts'
import { workflowSchema } from './workflow.ts'

const roots = { workflow: workflowSchema, action: actionSchema }

/**
 * The contexts and limited functions that text at a path may use. Empty: it takes no expression.
 * Undefined where the key is unknown.
 */
export function findContexts(
  path: Path,
  format: keyof typeof roots = 'workflow',
  root: WorkflowSchema = roots[format],
): readonly string[] | undefined {
  return find(root, path, root.contexts)
}

function find(
  schema: WorkflowSchema,
  path: Path,
  inherited: readonly string[] | undefined,
): readonly string[] | undefined {
  const contexts = schema.contexts ?? inherited
  const [key, ...rest] = path
  if (key === undefined) return contexts
  const next = schema.type === 'union' ? schema.options.find((one) => hasKey(one, key)) : undefined
  if (next) return find(next, path, contexts)
  if (schema.type === 'list') return find(schema.items, rest, contexts)
  if (schema.type === 'map') return find(schema.values, rest, contexts)
  const known = schema.type === 'object' ? schema.keys[key] : undefined
  return known ? find(known, rest, contexts) : contexts
}

function hasKey(schema: WorkflowSchema, key: string | number): boolean {
  if (schema.type === 'union') return schema.options.some((one) => hasKey(one, key))
  if (schema.type === 'object') return schema.additional === 'all' || key in schema.keys
  return schema.type === (typeof key === 'number' ? 'list' : 'map')
}

/** Whether only some keys may use a function. */
export function isLimited(name: string): boolean {
  const lower = name.toLowerCase()
  return Object.hasOwn(functions, lower) && functions[lower]!.limited === true
}
