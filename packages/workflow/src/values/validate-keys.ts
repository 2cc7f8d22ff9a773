import { findSuggestion, formatValue, type Origin, UserError } from '@erlmcp/core'

/** @throws UserError for a comment that is no text */
export function validateComment(message: string, comment: unknown, origin: Origin): void {
  if (comment === undefined || typeof comment === 'string') return
  throw new UserError({
    message: `the comment of ${message}: expected a text, got ${typeof comment}`,
    hint: "Write it in quotes: comment: 'why it is here'.",
    origin,
  })
}

/**
 * Refuses a key that only a compiler would have seen: a misspelt condition or timeout would be left
 * out without a word.
 *
 * @param message whose keys they are, for messages: `job build`
 * @throws UserError
 */
export function validateKeys(
  message: string,
  given: object,
  known: readonly string[],
  origin: Origin,
): void {
  if (typeof given !== 'object' || given === null) {
    throw new UserError({
      message: `${message}: expected an object, got ${formatValue(given)}`,
      hint: `Give it ${known.slice(0, 3).join(', ')}.`,
      origin,
    })
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown === undefined) return
  const meant = findSuggestion(unknown, known)
  const all = known.length > 0 ? `There are ${known.join(', ')}.` : 'It has none.'
  throw new UserError({
    message: `${message} has no key ${JSON.stringify(unknown)}`,
    hint: meant ? `Did you mean \`${meant}\`? ${all}` : all,
    origin,
  })
}
