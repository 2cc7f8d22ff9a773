import { type StackContext, UserError } from '@erlmcp/core'
import { validatePin } from './pin.ts'
import { type Locked, pins } from './pins.ts'

/** Where a project keeps its own pins, which go before those of this package. */
export const lockPath = '.github/pins.json'

/** Pins by the name of the action. */
export type Lock = ReadonlyMap<string, Locked>

/**
 * The project's lock.
 *
 * @throws UserError for a file that is no lock
 */
export function readLock(context: StackContext): Lock {
  const text = context.read?.(lockPath)
  return text === undefined ? new Map() : parseLock(text)
}

/**
 * A lock from its text.
 *
 * @throws UserError
 */
export function parseLock(text: string): Lock {
  const refuse = (
    message: string,
    hint = 'Mend it, or remove it: `erlmcp pins import` makes it of the workflows.',
  ): never => {
    throw new UserError({ message: `${lockPath}: ${message}`, hint })
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return refuse(`it is no JSON: ${(error as Error).message}`)
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return refuse('an object is expected, from actions to their tags and commits')
  }
  return new Map(
    Object.entries(data).map(([action, value]: [string, unknown]) => {
      const { tag, sha } = (value ?? {}) as { tag?: unknown; sha?: unknown }
      if (typeof tag !== 'string' || typeof sha !== 'string') {
        return refuse(`${action} has no tag, or no sha`)
      }
      const problem = validatePin(action, tag, sha)
      if (problem !== undefined) return refuse(problem.message, problem.hint)
      return [action, { tag, sha }]
    }),
  )
}

/** A lock as the text of its file: in the order of names, so that a bump is one line. */
export function printLock(lock: Lock): string {
  const names = [...lock.keys()].sort((a, b) => (a < b ? -1 : 1))
  const lines = names.map((name) => {
    const { tag, sha } = lock.get(name)!
    return `  ${JSON.stringify(name)}: ${JSON.stringify({ tag, sha })
      .replaceAll(/([,:])"/g, '$1 "')
      .replace('{', '{ ')
      .replace('}', ' }')}`
  })
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`
}

/** The pin of an action that is used by its name. */
export function pinOf(action: string, lock: Lock): Locked | undefined {
  const known: Readonly<Record<string, Locked>> = pins
  return lock.get(action) ?? (Object.hasOwn(known, action) ? known[action] : undefined)
}
