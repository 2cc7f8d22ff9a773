// The order of the workflow syntax reference; what is not here follows as it was said.
export const workflowOrder = [
  ...['name', 'description', 'run-name', 'on', 'permissions', 'env', 'defaults', 'concurrency'],
  'jobs',
]

// What it is, when and where it runs, with which rights and bounds, and what it does.
export const jobOrder = [
  ...['name', 'needs', 'if', 'uses', 'with', 'secrets', 'runs-on', 'environment'],
  ...['permissions', 'concurrency', 'strategy', 'timeout-minutes', 'cancel-timeout-minutes'],
  ...['continue-on-error', 'container', 'services', 'outputs', 'env', 'defaults', 'snapshot'],
  'steps',
]

export const stepOrder = [
  ...['name', 'id', 'if', 'uses', 'with', 'run', 'parallel', 'wait', 'wait-all', 'cancel'],
  ...['shell', 'working-directory', 'env', 'background', 'continue-on-error', 'timeout-minutes'],
]

export const actionOrder = [
  ...['name', 'author', 'description', 'branding', 'inputs', 'outputs', 'runs'],
]

type Node = Readonly<Record<string | symbol, unknown>>

/** The same node with its keys in the order; keys that are not in it come last, as they were. */
export function inOrder(node: object, order: readonly string[]): Node {
  const source = node as Node
  const out: Record<string | symbol, unknown> = {}
  for (const key of order) if (source[key] !== undefined) out[key] = source[key]
  for (const key of Reflect.ownKeys(source)) if (!(key in out)) out[key] = source[key]
  return out
}
