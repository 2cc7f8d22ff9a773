/**
 * Caches the result of a function by its argument, such as a node that many rules read.
 *
 * @param ask a pure function that does not return undefined
 * @example
 * const names = memoize((file: ComposeFile) => Object.keys(file.services ?? {}))
 */
export function memoize<Node extends object, Answer>(
  ask: (node: Node) => Answer,
): (node: Node) => Answer {
  const answers = new WeakMap<Node, Answer>()
  return (node) => {
    const known = answers.get(node)
    if (known !== undefined) return known
    const answer = ask(node)
    answers.set(node, answer)
    return answer
  }
}
