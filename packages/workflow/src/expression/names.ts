/** The contexts of expressions (Contexts reference). */
export const contextNames = [
  ...['github', 'env', 'vars', 'job', 'jobs', 'steps', 'runner', 'secrets', 'strategy', 'matrix'],
  ...['needs', 'inputs'],
] as const

export type ContextName = (typeof contextNames)[number]

/** The functions of expressions, and how many arguments they take (Evaluate expressions). */
export const functions: Readonly<Record<string, readonly [least: number, most: number]>> = {
  always: [0, 0],
  cancelled: [0, 0],
  case: [3, 255],
  contains: [2, 2],
  endswith: [2, 2],
  failure: [0, 255],
  format: [1, 255],
  fromjson: [1, 1],
  hashfiles: [1, 255],
  join: [1, 2],
  startswith: [2, 2],
  success: [0, 255],
  tojson: [1, 1],
}
