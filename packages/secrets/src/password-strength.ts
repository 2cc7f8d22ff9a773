/** The least that `erlmcp secrets init` makes, too: what cannot be guessed. */
const leastBits = 128

/**
 * Why a secret that a user may have brought is too weak, if so. An estimate: the alphabet that its
 * characters suggest, repetition, and words. The content is in no answer.
 */
export function findWeakness(content: string): string | undefined {
  return findCharacterWeakness(content) ?? wordFault(content.trim())
}

/** The same without a look at words: `correct horse battery staple` passes. */
export function findCharacterWeakness(content: string): string | undefined {
  const text = content.trim()
  const bits = Math.floor(text.length * Math.log2(alphabetOf(text)))
  if (bits < leastBits)
    return `it has at most ${bits} bits, fewer than ${leastBits}: it can be guessed`
  const kinds = new Set(text).size
  if (kinds < 8) return `it has only ${kinds} different characters`
  return isRepeated(text) ? 'it is one part said again and again' : undefined
}

// A word of the Diceware list has 12.9 bits and 4.6 letters on average.
const bitsOfLetter = 2.8

/** Words of a language are guessed as words: a letter of one adds less than a random letter. */
function wordFault(text: string): string | undefined {
  const letters = (text.match(/\p{Lu}?\p{Ll}{3,}|\p{Lu}{4,}/gu) ?? []).join('')
  const vowels = letters.match(/[aeiouyäöü]/gi)?.length ?? 0
  // Random letters have fewer vowels than any language, and random text has other characters too.
  if (letters.length < text.length * 0.6 || vowels < letters.length * 0.28) return undefined
  const others = text.length - letters.length
  const bits = Math.floor(letters.length * bitsOfLetter + others * Math.log2(alphabetOf(text)))
  if (bits >= leastBits) return undefined
  return `it is made of words and has about ${bits} bits, fewer than ${leastBits}: it can be guessed`
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
