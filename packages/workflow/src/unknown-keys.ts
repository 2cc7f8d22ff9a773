/** Names of the keys of a node that its author declared as unknown to this package. */
export const UNKNOWN_KEYS: unique symbol = Symbol.for('erlmcp.workflow.unknown-keys') as never
