/** A command as text, which Compose splits into words (mattn/go-shellwords). */
export interface CommandLine {
  /** Whether each quote and bracket has its other one. */
  readonly closed: boolean
  /** The first operator of a shell outside quotes: Compose drops it and all that follows. */
  readonly operator?: string
}

/**
 * Reads a command as Compose does: quotes and backslashes as in a shell, and no shell.
 *
 * @example
 * readCommand('serve && log') // { closed: true, operator: '&&' }
 */
export function readCommand(text: string): CommandLine {
  const open: string[] = []
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!
    const quote = open.at(-1)
    if (char === '\\' && quote !== "'") {
      at += 1
      if (at === text.length) return { closed: false }
    } else if (char === quote) open.pop()
    // Only backticks may contain quotes.
    else if (quote === ')' && char === '(') return { closed: false }
    else if (quote !== undefined && (quote !== '`' || !`"'`.includes(char))) continue
    else if (`"'\``.includes(char)) open.push(char)
    else if (char === '(' && text[at - 1] === '$') open.push(')')
    else if (char === '(' || char === ')') return { closed: false }
    else if (';&|<>'.includes(char)) {
      return { closed: true, operator: /^[;&|<>]+/.exec(text.slice(at))![0] }
    }
  }
  return { closed: open.length === 0 }
}

/** Whether the docker CLI can split a command into words: it parses quotes, but not brackets. */
export function isClosedInSwarm(text: string): boolean {
  return /^(?:[^\\"']|\\.|'[^']*'|"(?:[^\\"]|\\.)*")*$/s.test(text)
}
