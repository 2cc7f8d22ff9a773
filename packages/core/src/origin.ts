import { existsSync } from 'node:fs'
import { findSourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A place in a file: a line of somebody's `stack.ts`, or of a file that was read. 1-based. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * Where a value was made. It holds a stack trace that is not looked at until a diagnostic points at
 * the value: taking one costs a few microseconds, and the source map of a frame a thousand.
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

function isPackageFile(file: string): boolean {
  if (file.includes('/node_modules/') || file.startsWith('node:')) return true
  return file.startsWith(packagesRoot) && !/\.(test|bench)\.[cm]?[jt]s$/.test(file)
}

/** The first frame of the trace that is a person's own file, or undefined when there is none. */
export function locationOf(origin: Origin | undefined): Location | undefined {
  if (!origin) return undefined
  for (const frame of framesOf(origin)) {
    const place = typeof frame === 'string' ? placeIn(frame) : placeOf(frame)
    if (place && !isPackageFile(place.file)) return place
  }
  return undefined
}

/** Whether one of our functions called the maker, as `postgres(…)` calls `service(…)`. */
export function isMadeByPackage(origin: Origin | undefined): boolean {
  const frames = origin ? framesOf(origin) : []
  for (const frame of frames) {
    const place = typeof frame === 'string' ? placeIn(frame) : placeOf(frame)
    if (place) return isPackageFile(place.file)
  }
  return false
}

type Format = typeof Error.prepareStackTrace

/** Frames as V8 hands them out where it would make text of them, or lines where that was made. */
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

// A loop makes thousands of values in one place, and source maps are slow.
const places = new Map<string, Location | undefined>()

function placeOf(frame: NodeJS.CallSite): Location | undefined {
  const at = `${frame.getFileName()}:${frame.getLineNumber()}:${frame.getColumnNumber()}`
  if (!places.has(at)) places.set(at, readPlace(frame))
  return places.get(at)
}

function readPlace(frame: NodeJS.CallSite): Location | undefined {
  // Who formats traces in a way of their own, as test runners do, also knows their source maps.
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

/** The place in a line of a trace: `at file:1:2` or `at name (file:1:2)`. */
function placeIn(frame: string): Location | undefined {
  const text = /^\s*at (?:async )?(.+)$/.exec(frame)?.[1]
  // A file name may hold parentheses too; the name of a function holds no space before one.
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
