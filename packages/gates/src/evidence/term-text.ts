const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')', '<<': '>>' }

/**
 * The elements of a printed Erlang tuple or list, as text; undefined for another term and for a
 * truncated one.
 *
 * @example
 * elementsOf('{badmatch,"a,b"}') // ['badmatch', '"a,b"']
 */
export function elementsOf(term: string): string[] | undefined {
  const text = term.trim()
  const open: string[] = []
  const elements: string[] = []
  let start = 1
  if (!/^[{[]/.test(text)) return undefined
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at)
    if (token in closing) open.push(closing[token]!)
    else if (token === open.at(-1)) {
      open.pop()
      if (open.length === 0) {
        if (at + token.length !== text.length) return undefined
        const last = text.slice(start, at).trim()
        return last === '' ? elements : [...elements, last]
      }
    } else if (token === ',' && open.length === 1) {
      elements.push(text.slice(start, at).trim())
      start = at + 1
    }
    at += token.length
  }
  return undefined
}

// A string, a quoted atom, a character such as `$,`, a binary's bracket, or one character.
const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\$(?:\\.|.)|<<|>>|./sy

function tokenAt(text: string, at: number): string {
  token.lastIndex = at
  return token.exec(text)![0]
}

/** The content of a printed string; any other term unchanged. */
export function unquoted(term: string): string {
  const inside = /^"((?:[^"\\]|\\.)*)"$/s.exec(term)?.[1]
  return inside === undefined ? term : inside.replace(/\\(["\\])/g, '$1')
}
