import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A place in a file: a line of somebody's `stack.ts`, or of a file that was read. 1-based. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * Where a value was made. It holds an unformatted stack trace: taking one costs about a
 * microsecond, formatting one (through source maps) a thousand times that, and only values that a
 * finding points at are ever formatted.
 */
export interface Origin {
  readonly stack?: string
}

/**
 * The key under which a value or a node of a document carries its {@link Origin}. A registered
 * symbol, so that two copies of this package in one program understand each other; a symbol, so
 * that no printer, spread or `JSON.stringify` ever shows it.
 */
export const ORIGIN: unique symbol = Symbol.for('erlmcp.origin') as never

/** Anything that may remember where it was made. */
export interface Originated {
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * The place that called `maker`: the function a person called, not a helper inside it.
 *
 * @example
 * function network(name: string) {
 *   return Object.freeze({ name, [ORIGIN]: originOf(network) })
 * }
 */
export function originOf(maker: (...args: never[]) => unknown): Origin {
  const origin = {}
  Error.captureStackTrace(origin, maker)
  return origin
}

// Frames inside these packages are ours, not the person's: `postgres(…)` calls `service(…)`.
const packagesRoot = fileURLToPath(new URL('../../', import.meta.url))

function isOurs(file: string): boolean {
  if (file.includes('/node_modules/') || file.startsWith('node:')) return true
  return file.startsWith(packagesRoot) && !/\.(test|bench)\.[cm]?[jt]s$/.test(file)
}

/** `file:line:column` of one line of a stack trace: `at file:1:2` or `at name (file:1:2)`. */
function placeIn(frame: string): string | undefined {
  const text = /^\s*at (?:async )?(.+)$/.exec(frame)?.[1]
  // A file name may hold parentheses too; the name of a function holds no space before one.
  return text?.endsWith(')') ? text.slice(text.indexOf(' (') + 2, -1) : text
}

/** The first frame of the trace that is a person's own file, or undefined when there is none. */
export function locationOf(origin: Origin | undefined): Location | undefined {
  for (const text of origin?.stack?.split('\n') ?? []) {
    const match = /^(.+):(\d+):(\d+)$/.exec(placeIn(text) ?? '')
    if (!match) continue
    const [, url, line, column] = match
    const file = url!.startsWith('file://') ? fileURLToPath(url!.replace(/\?.*$/, '')) : url!
    if (isOurs(file)) continue
    return { file: sourceOf(file), line: Number(line), column: Number(column) }
  }
  return undefined
}

// tsx names an `.mts` or `.cts` file `.ts` in its source maps when the path is not plain ASCII.
function sourceOf(file: string): string {
  if (!file.endsWith('.ts') || existsSync(file)) return file
  const others = ['.mts', '.cts'].map((end) => file.slice(0, -3) + end)
  return others.find((other) => existsSync(other)) ?? file
}
