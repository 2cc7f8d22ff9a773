/** The least that `erlmcp secrets init` makes, too: what cannot be guessed. */
const leastBits = 128

/**
 * Why a secret that somebody may have brought is too weak, if so. An estimate: the alphabet that
 * its characters suggest, and patterns that a person types. The content is in no answer.
 */
export function strengthFault(content: string): string | undefined {
  const text = content.trim()
  const bits = Math.floor(text.length * Math.log2(alphabetOf(text)))
  if (bits < leastBits)
    return `it has at most ${bits} bits, fewer than ${leastBits}: it can be guessed`
  const kinds = new Set(text).size
  if (kinds < 8) return `it has only ${kinds} different characters`
  return isRepeated(text) ? 'it is one part said again and again' : undefined
}

/** Whether it goes on as it began from some place in its first half, be the last time cut short. */
function isRepeated(text: string): boolean {
  for (let at = 1; at <= text.length / 2; at += 1) {
    if (text.startsWith(text.slice(at))) return true
  }
  return false
}

function alphabetOf(text: string): number {
  if (/^[0-9]*$/.test(text)) return 10
  if (/^([0-9a-f]*|[0-9A-F]*)$/.test(text)) return 16
  if (/^([a-z]*|[A-Z]*)$/.test(text)) return 26
  if (/^([0-9a-z]*|[0-9A-Z]*)$/.test(text)) return 36
  return /^[0-9A-Za-z]*$/.test(text) ? 62 : 64
}
