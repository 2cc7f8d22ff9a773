// RAMInBytes of docker/go-units.
const pattern = /^((?:\d+\.?\d*|\.\d+)(?:e\+?\d+)?) ?(?:([kmgtp])i?b?|b)?$/i

/**
 * The bytes of a size, whose units are powers of 1024 (Compose spec, "Specifying byte values");
 * `undefined` for a text that is not one.
 *
 * @example parseBytes('512M') // 536_870_912
 */
export function parseBytes(text: string): number | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const bytes = Number(match[1]) * 1024 ** 'bkmgtp'.indexOf((match[2] ?? 'b').toLowerCase())
  // The engine counts in 63 bits.
  return bytes < 2 ** 63 ? bytes : undefined
}
