import { posix } from 'node:path'
import type { ComposeFile, IncludeFile } from '../document.ts'
import { flattened, withoutPaths } from '../extends.ts'
import { hasVariable, resolve } from '../lint/model/resolve.ts'
import { type Reading, readComposeFile } from '../read-file.ts'
import { mergeFiles } from './merge.ts'

/** A file as Compose reads it: with the files that it includes, and with what its services extend. */
export interface Whole {
  readonly file: ComposeFile
  /** Whether all that it includes could be read, so that it has no other services. */
  readonly complete: boolean
}

// Compose refuses a circle, and nobody includes as deep as this.
const deepest = 20

/**
 * Reads what a file takes in from other files of the project.
 *
 * @param path of the file, which relative paths begin at
 * @throws UserError for a file that is no compose file, and a service that cannot be extended
 */
export function wholeFile(file: ComposeFile, path: string, context: Reading, depth = 0): Whole {
  let whole: Whole = { file: flattened(file, path, context), complete: true }
  for (const one of [file.include ?? []].flat()) {
    const included = depth < deepest ? read(one, path, context, depth) : undefined
    if (!included) whole = { ...whole, complete: false }
    else {
      const { name: _, include: __, ...rest } = included.file
      whole = {
        file: mergeFiles(rest, whole.file).file,
        complete: whole.complete && included.complete,
      }
    }
  }
  return whole
}

/** What one entry of `include` brings: one file, or several laid over each other. */
function read(
  one: string | IncludeFile,
  path: string,
  context: Reading,
  depth: number,
): Whole | undefined {
  const paths = typeof one === 'string' ? [one] : [one.path ?? []].flat()
  let whole: Whole | undefined
  for (const given of paths) {
    const from = posix.join(posix.dirname(path), resolve(given))
    // What a stack made before may lack what it makes now.
    const isStale = context.read?.(from)?.startsWith('# Made by erlmcp ')
    const file = hasVariable(given) || isStale ? undefined : readComposeFile(from, context)
    if (!file) return undefined
    const next = atHome(wholeFile(file, from, context, depth + 1), from, path)
    whole = whole
      ? {
          file: mergeFiles(whole.file, next.file).file,
          complete: whole.complete && next.complete,
        }
      : next
  }
  return whole
}

/** Paths of a file in another folder begin there. */
function atHome(whole: Whole, from: string, path: string): Whole {
  const { services } = whole.file
  if (!services || posix.dirname(from) === posix.dirname(path)) return whole
  const own = Object.entries(services).map(([name, one]) => [name, withoutPaths(one)] as const)
  return { ...whole, file: { ...whole.file, services: Object.fromEntries(own) } }
}
