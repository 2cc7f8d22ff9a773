import { nearest, type Origin, UserError } from '@erlmcp/core'

/** The names of all options of a type: forgetting one does not compile. */
export type OptionsOf<Options> = Readonly<Record<keyof Options, unknown>>

/**
 * Refuses an option that only a compiler would have seen: a stack runs without being compiled, and a
 * misspelt threshold or prefix would be left out without a word.
 *
 * @param what whose options they are, for messages: `gate "format"`
 * @throws UserError with the option that was meant
 */
export function refuseUnknownOptions<Options extends object>(
  what: string,
  given: Options,
  known: OptionsOf<Options>,
  origin: Origin,
): void {
  const names = Object.keys(known)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown === undefined) return
  const meant = nearest(unknown, names)
  throw new UserError({
    what: `${what} has no option ${JSON.stringify(unknown)}`,
    help: meant ? `Did you mean \`${meant}\`?` : `There are ${names.join(', ')}.`,
    origin,
  })
}
