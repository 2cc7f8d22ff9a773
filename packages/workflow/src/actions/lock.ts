import { type StackContext, UserError } from '@erlmcp/core'
import { validatePin } from './pin.ts'
import { type Locked, pins } from './pins.ts'

/** The pins of a project, which override those of this package. */
export const lockPath = '.github/pins.json'

/** Pins by the name of the action. */
export type Lock = ReadonlyMap<string, Locked>

/**
 * The project's lock.
 *
 * @throws UserError for an invalid lock
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
  const fail = (
    message: string,
    hint = 'Fix it, or remove it: `erlmcp pins import` creates it from the workflows.',
  ): never => {
    throw new UserError({ message: `${lockPath}: ${message}`, hint })
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return fail(`invalid JSON: ${(error as Error).message}`)
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return fail('expected an object of tags and commits by action')
  }
  return new Map(
    Object.entries(data).map(([action, value]: [string, unknown]) => {
      const { tag, sha } = (value ?? {}) as { tag?: unknown; sha?: unknown }
      if (typeof tag !== 'string' || typeof sha !== 'string') {
        return fail(`${action}: expected a tag and a sha`)
      }
      const fault = validatePin(action, tag, sha)
      if (fault !== undefined) return fail(fault.message, fault.hint)
      return [action, { tag, sha }]
    }),
  )
}

/** A lock as the text of its file, in the order of names: an update changes one line. */
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

/** The pin of an action by its name. */
export function pinOf(action: string, lock: Lock): Locked | undefined {
  const known: Readonly<Record<string, Locked>> = pins
  return lock.get(action) ?? (Object.hasOwn(known, action) ? known[action] : undefined)
}
