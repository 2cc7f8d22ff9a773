import { existsSync } from 'node:fs'
import { findSourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A position in a file: a `stack.ts`, or a file that was read. 1-based. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * Where a value was created. It holds a stack trace that is resolved only when a diagnostic points at
 * the value: taking one costs microseconds, resolving a frame through its source map milliseconds.
 */
export interface Origin {
  readonly stack?: string
}

/**
 * The key of the {@link Origin} of a value or of a node of a document. A registered symbol, so that
 * two copies of this package share it, and printers and `JSON.stringify` skip it.
 */
export const ORIGIN: unique symbol = Symbol.for('erlmcp.origin') as never

/** A value that may know where it was created. */
export interface Originated {
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * The origin of a call of `maker`, the public function, not of a helper inside it.
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

// Frames inside these packages are not the author's: `postgres(…)` calls `service(…)`.
const packagesRoot = fileURLToPath(new URL('../../../', import.meta.url))

function isPackageFile(file: string): boolean {
  if (file.includes('/node_modules/') || file.startsWith('node:')) return true
  return file.startsWith(packagesRoot) && !/\.(test|bench)\.[cm]?[jt]s$/.test(file)
}

/** The first frame of the trace in the author's own files; undefined without one. */
export function locationOf(origin: Origin | undefined): Location | undefined {
  if (!origin) return undefined
  for (const frame of framesOf(origin)) {
    const place = typeof frame === 'string' ? placeIn(frame) : placeOf(frame)
    if (place && !isPackageFile(place.file)) return place
  }
  return undefined
}

/** Whether a function of these packages called the maker, as `postgres(…)` calls `service(…)`. */
export function isMadeByPackage(origin: Origin | undefined): boolean {
  const frames = origin ? framesOf(origin) : []
  for (const frame of frames) {
    const place = typeof frame === 'string' ? placeIn(frame) : placeOf(frame)
    if (place) return isPackageFile(place.file)
  }
  return false
}

type Format = typeof Error.prepareStackTrace

/** The frames of the trace, or its lines where V8 has already formatted it. */
function framesOf(origin: Origin): readonly (NodeJS.CallSite | string)[] {
  const format: Format = Error.prepareStackTrace
  Error.prepareStackTrace = (_, frames) => frames
  try {
    const trace: unknown = origin.stack
    if (Array.isArray(trace)) return trace
    return typeof trace === 'string' ? trace.split('\n') : []
  } finally {
    Error.prepareStackTrace = format
  }
}

// A loop creates thousands of values at one position, and source maps are slow.
const places = new Map<string, Location | undefined>()

function placeOf(frame: NodeJS.CallSite): Location | undefined {
  const at = `${frame.getFileName()}:${frame.getLineNumber()}:${frame.getColumnNumber()}`
  if (!places.has(at)) places.set(at, readPlace(frame))
  return places.get(at)
}

function readPlace(frame: NodeJS.CallSite): Location | undefined {
  // A program with its own formatter, such as a test runner, also knows its source maps.
  const format: Format = Error.prepareStackTrace
  if (format)
    return placeIn(
      String(format(new Error(), [frame]))
        .split('\n')
        .at(-1)!,
    )
  const url = frame.getFileName()
  const line = frame.getLineNumber()
  const column = frame.getColumnNumber()
  if (!url || line === null || column === null) return undefined
  const source = findSourceMap(url)?.findEntry(line - 1, column - 1)
  return source && 'originalSource' in source
    ? place(source.originalSource, source.originalLine + 1, source.originalColumn + 1)
    : place(url, line, column)
}

/** The position in a line of a trace: `at file:1:2` or `at name (file:1:2)`. */
function placeIn(frame: string): Location | undefined {
  const text = /^\s*at (?:async )?(.+)$/.exec(frame)?.[1]
  // A file name may contain parentheses; a function name has no space before one.
  const inside = text?.endsWith(')') ? text.slice(text.indexOf(' (') + 2, -1) : text
  const match = /^(.+):(\d+):(\d+)$/.exec(inside ?? '')
  return match ? place(match[1]!, Number(match[2]), Number(match[3])) : undefined
}

function place(url: string, line: number, column: number): Location {
  const file = url.startsWith('file://') ? fileURLToPath(url.replace(/\?.*$/, '')) : url
  return { file: sourceOf(file), line, column }
}

// tsx names an `.mts` or `.cts` file `.ts` in its source maps when the path is not plain ASCII.
function sourceOf(file: string): string {
  if (!file.endsWith('.ts') || existsSync(file)) return file
  const others = ['.mts', '.cts'].map((end) => file.slice(0, -3) + end)
  return others.find((other) => existsSync(other)) ?? file
}
