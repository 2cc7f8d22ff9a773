import { inspect, types } from 'node:util'

/** A thrown value as text: a stack.ts may throw anything. */
export interface Thrown {
  /** Whether it is an error, with a message of its own. */
  readonly isError: boolean
  readonly name: string
  readonly message: string
  readonly code: string
  /** The stack trace, or an empty string. */
  readonly stack: string
}

/** Reads a thrown value without failing: its properties may be missing, of any type, or throw. */
export function readThrown(error: unknown): Thrown {
  const isError = isErrorLike(error)
  const name = read(error, 'name')
  const message = read(error, 'message')
  const stack = read(error, 'stack')
  const code = read(error, 'code')
  return {
    isError,
    name: typeof name === 'string' && name !== '' ? name : 'Error',
    message: !isError || message === undefined ? formatThrown(error) : messageText(message),
    code: typeof code === 'string' ? code : '',
    stack: typeof stack === 'string' ? stack : '',
  }
}

const longest = 2000

/** A value on one line, truncated. */
function formatThrown(value: unknown): string {
  try {
    const options = { depth: 1, breakLength: Number.POSITIVE_INFINITY, customInspect: false }
    return truncate(inspect(value, options))
  } catch {
    return 'an object that cannot be formatted'
  }
}

function messageText(message: unknown): string {
  return typeof message === 'string' ? truncate(message) : formatThrown(message)
}

function truncate(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

function isErrorLike(error: unknown): boolean {
  try {
    return types.isNativeError(error) || error instanceof Error
  } catch {
    return false
  }
}

/** A property, or undefined if reading it throws. */
function read(value: unknown, key: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>> | null | undefined)?.[key]
  } catch {
    return undefined
  }
}
