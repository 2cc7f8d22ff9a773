import { COMMENTS, originOf, UserError } from '@erlmcp/core'
import { UNKNOWN_KEYS } from '../unknown-keys.ts'

const DECLARED: unique symbol = Symbol.for('erlmcp.workflow.declared-keys') as never

interface DeclaredKeys {
  readonly keys: Readonly<Record<string, unknown>>
  readonly reason: string
}

interface WithDeclaredKeys {
  readonly [DECLARED]?: DeclaredKeys
}

const declaredIn = (spec: unknown): DeclaredKeys | undefined =>
  (spec as WithDeclaredKeys | null | undefined)?.[DECLARED]

/**
 * Adds keys, events or permissions that GitHub has and this package does not know yet. They are
 * printed as they are, each with the reason as a comment, and not validated.
 *
 * @param spec options of a workflow, job, step, event or the like, with the known keys
 * @param keys the unknown keys; their texts may be expressions
 * @param reason one line: since when GitHub has them, and where that is documented
 * @throws UserError for no keys, no reason, or a key that the options have as well
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
  const fail = (message: string, hint: string): never => {
    throw new UserError({ message: `withUnknownKeys(…): ${message}`, hint, origin })
  }
  if (typeof keys !== 'object' || keys === null || Object.keys(keys).length === 0) {
    fail('missing keys', "Write them with their values: { 'new-key': 1 }.")
  }
  if (typeof reason !== 'string' || reason.trim() === '') {
    fail('missing reason', 'Write in one line where GitHub documents the keys.')
  }
  const duplicate = Object.keys(keys).find((key) => key in spec)
  if (duplicate !== undefined) {
    fail(`duplicate key ${duplicate}`, 'Remove it from one of the two objects.')
  }
  const before = declaredIn(spec)
  const all = {
    keys: { ...before?.keys, ...keys },
    reason: before ? `${before.reason}; ${reason}` : reason,
  }
  return Object.freeze({ ...spec, [DECLARED]: Object.freeze(all) })
}

/** The names of the unknown keys of some options. */
export function unknownKeysOf(spec: unknown): readonly string[] {
  return Object.keys(declaredIn(spec)?.keys ?? {})
}

/**
 * A node of the file with the unknown keys of its options, each with the reason as a comment.
 *
 * @param render what becomes of the keys in the file
 */
export function mergeUnknownKeys<Node extends object>(
  node: Node,
  spec: unknown,
  render: (keys: object) => object = (keys) => keys,
): Node {
  const declared = declaredIn(spec)
  if (declared === undefined) return node
  const names = Object.keys(declared.keys)
  const comments = Object.fromEntries(names.map((key) => [key, declared.reason]))
  return {
    ...node,
    ...render(declared.keys),
    [UNKNOWN_KEYS]: names,
    [COMMENTS]: { ...(node as { [COMMENTS]?: object })[COMMENTS], ...comments },
  }
}
