/** The key that marks a service of another file, of which only the name is known. */
export const NAME_ONLY: unique symbol = Symbol.for('erlmcp.compose.name-only') as never
