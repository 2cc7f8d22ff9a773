import { COMMENTS, originOf, UserError } from '@erlmcp/core'

const UNKNOWN_KEYS: unique symbol = Symbol.for('erlmcp.workflow.unchecked') as never

interface UnknownKeys {
  readonly keys: Readonly<Record<string, unknown>>
  readonly reason: string
}

interface WithUnknownKeys {
  readonly [UNKNOWN_KEYS]?: UnknownKeys
}

/**
 * Keys, events or rights that GitHub has and this package does not know yet. They are printed as
 * they are, each with the reason as a comment; nothing else judges them.
 *
 * @param spec of a workflow, job, step, event or the like, with the keys that are known
 * @param keys that are not known; their texts may be expressions
 * @param reason one line: since when GitHub has them, and where that is written
 * @throws UserError for no keys, no reason, or a key that the spec has as well
 * @example
 * job('train', withUnknownKeys({ 'runs-on': 'ubuntu-24.04', steps }, { gpu: 2 }, 'GitHub changelog, May 2027'))
 * workflow(path, { on: withUnknownKeys({ push: null }, { satellite: null }, 'beta of our account'), … })
 */
export function withUnknownKeys<Spec extends object>(
  spec: Spec,
  keys: Readonly<Record<string, unknown>>,
  reason: string,
): Spec {
  const origin = originOf(withUnknownKeys)
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  if (typeof keys !== 'object' || keys === null || Object.keys(keys).length === 0) {
    refuse('withUnknownKeys(…) has no keys', "Give them with their values: { 'new-key': 1 }.")
  }
  if (typeof reason !== 'string' || reason.trim() === '') {
    refuse('withUnknownKeys(…) has no reason', 'Say in one line where GitHub describes the keys.')
  }
  const twice = Object.keys(keys).find((key) => key in spec)
  if (twice !== undefined) {
    refuse(`withUnknownKeys(…) has the key ${twice} twice`, 'Take it out of one of the two.')
  }
  const before = (spec as WithUnknownKeys)[UNKNOWN_KEYS]
  const all = {
    keys: { ...before?.keys, ...keys },
    reason: before ? `${before.reason}; ${reason}` : reason,
  }
  return Object.freeze({ ...spec, [UNKNOWN_KEYS]: Object.freeze(all) })
}

/** The names of keys that nobody checks. */
export function unknownKeysOf(spec: unknown): readonly string[] {
  return Object.keys((spec as WithUnknownKeys | null | undefined)?.[UNKNOWN_KEYS]?.keys ?? {})
}

/**
 * A node of the file with the keys that nobody checks, each with the reason behind it.
 *
 * @param render what becomes of the keys in the file
 */
export function mergeUnknownKeys<Node extends object>(
  node: Node,
  spec: unknown,
  render: (keys: object) => object = (keys) => keys,
): Node {
  const given = (spec as WithUnknownKeys | null | undefined)?.[UNKNOWN_KEYS]
  if (given === undefined) return node
  const remarks = Object.fromEntries(Object.keys(given.keys).map((key) => [key, given.reason]))
  return {
    ...node,
    ...render(given.keys),
    [COMMENTS]: { ...(node as { [COMMENTS]?: object })[COMMENTS], ...remarks },
  }
}
