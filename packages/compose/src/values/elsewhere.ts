/** The key that marks a service of another file. */
export const ELSEWHERE: unique symbol = Symbol.for('erlmcp.compose.elsewhere') as never
