/**
 * Works out what many rules ask of the same node only once. Nodes never change while judged.
 *
 * @param ask whose answer is anything but undefined
 * @example
 * const names = remembered((file: ComposeFile) => Object.keys(file.services ?? {}))
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
