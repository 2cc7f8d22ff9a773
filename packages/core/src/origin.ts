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

const framePattern = /\(?((?:file:\/\/)?[^()\s][^()]*?):(\d+):(\d+)\)?$/

/** The first frame of the trace that is a person's own file, or undefined when there is none. */
export function locationOf(origin: Origin | undefined): Location | undefined {
  for (const text of origin?.stack?.split('\n') ?? []) {
    const match = framePattern.exec(text.replace(/^\s*at (?:.* \()?/, ''))
    if (!match) continue
    const [, url, line, column] = match
    const file = url!.startsWith('file://') ? fileURLToPath(url!.replace(/\?.*$/, '')) : url!
    if (isOurs(file)) continue
    return { file, line: Number(line), column: Number(column) }
  }
  return undefined
}
