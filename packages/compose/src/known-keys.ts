import { findSuggestion, type Origin, UserError } from '@erlmcp/core'

/** The key of the specification that was meant: its own are in snake case. */
export function meantKey(key: string, known: readonly string[]): string | undefined {
  return findSuggestion(
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    known,
  )
}

/**
 * Refuses a key that the Compose specification does not have, also where no compiler looked: a
 * `stack.ts` runs without being type-checked.
 *
 * @param keys an object whose keys are the known ones
 * @param kind what has the keys, with its name
 * @throws UserError with the key that was meant
 */
export function refuseUnknownKeys(
  node: object,
  keys: object,
  kind: string,
  name: string,
  origin: Origin | undefined,
): void {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    throw new UserError({
      message: `the options of ${kind} ${name} are no object`,
      hint: `Write ${kind}('${name}', { key: 'value' }).`,
      origin,
    })
  }
  for (const key in node) {
    if (Object.hasOwn(keys, key) || key.startsWith('x-')) continue
    const meant = meantKey(key, Object.keys(keys))
    throw new UserError({
      message: `${kind} ${name} has the key ${JSON.stringify(key)}, which the Compose specification does not have`,
      hint: meant ? `Did you mean \`${meant}\`?` : 'Take it away, or begin it with `x-`.',
      origin,
    })
  }
}
