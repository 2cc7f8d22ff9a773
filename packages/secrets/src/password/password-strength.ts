/** As many as the shortest secret of `erlmcp secrets init`: cannot be guessed. */
const leastBits = 128

/**
 * Finds why a secret that the user has written is too weak. It is an estimate from the alphabet of its
 * characters, repetition and words. The answer never quotes the secret.
 */
export function findWeakness(content: string): string | undefined {
  return findCharacterWeakness(content) ?? findWordWeakness(content.trim())
}

/** The same without looking for words: `correct horse battery staple` passes. */
export function findCharacterWeakness(content: string): string | undefined {
  const text = content.trim()
  const bits = Math.floor(text.length * Math.log2(alphabetOf(text)))
  if (bits < leastBits) return `too weak: at most ${bits} bits, expected at least ${leastBits}`
  const kinds = new Set(text).size
  if (kinds < 8) return `too weak: only ${kinds} different characters`
  return isRepeated(text) ? 'too weak: one part repeated' : undefined
}

// A word of the Diceware list has 12.9 bits and 4.6 letters on average.
const bitsOfLetter = 2.8

/** Attackers guess words, not letters: a letter of a word adds less than a random letter. */
function findWordWeakness(text: string): string | undefined {
  const letters = (text.match(/\p{Lu}?\p{Ll}{3,}|\p{Lu}{4,}/gu) ?? []).join('')
  const vowels = letters.match(/[aeiouyäöü]/gi)?.length ?? 0
  // Random letters have fewer vowels than any language, and random text has other characters too.
  if (letters.length < text.length * 0.6 || vowels < letters.length * 0.28) return undefined
  const others = text.length - letters.length
  const bits = Math.floor(letters.length * bitsOfLetter + others * Math.log2(alphabetOf(text)))
  if (bits >= leastBits) return undefined
  return `too weak: words with about ${bits} bits, expected at least ${leastBits}`
}

/** Whether it repeats a part that ends in its first half; the last repetition may be cut short. */
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
