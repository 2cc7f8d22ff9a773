import { nearest, type Origin, show, UserError } from '@erlmcp/core'

/** @throws UserError for a comment that is no text */
export function checkComment(what: string, comment: unknown, origin: Origin): void {
  if (comment === undefined || typeof comment === 'string') return
  throw new UserError({
    what: `the comment of ${what}: expected a text, got ${typeof comment}`,
    help: "Write it in quotes: comment: 'why it is here'.",
    origin,
  })
}

/**
 * Refuses a key that only a compiler would have seen: a misspelt condition or timeout would be left
 * out without a word.
 *
 * @param what whose keys they are, for messages: `job build`
 * @throws UserError
 */
export function checkKeys(
  what: string,
  given: object,
  known: readonly string[],
  origin: Origin,
): void {
  if (typeof given !== 'object' || given === null) {
    throw new UserError({
      what: `${what}: expected an object, got ${show(given)}`,
      help: `Give it ${known.slice(0, 3).join(', ')}.`,
      origin,
    })
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown === undefined) return
  const meant = nearest(unknown, known)
  const all = known.length > 0 ? `There are ${known.join(', ')}.` : 'It has none.'
  throw new UserError({
    what: `${what} has no key ${JSON.stringify(unknown)}`,
    help: meant ? `Did you mean \`${meant}\`? ${all}` : all,
    origin,
  })
}
