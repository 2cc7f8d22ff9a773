/** The key under which a service says that another file has it. */
export const ELSEWHERE: unique symbol = Symbol.for('erlmcp.compose.elsewhere') as never
