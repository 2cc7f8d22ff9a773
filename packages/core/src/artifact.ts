import { hash } from 'node:crypto'
import { posix } from 'node:path'
import type { Origin } from './origin.ts'
import { UserError } from './user-error.ts'

/** A file as it is to be: what the pipeline prints and the writer writes. */
export interface Artifact {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly text: string
  /** Permission bits. */
  readonly mode: number
  /** Lower-case hex SHA-256 of the UTF-8 text. */
  readonly sha256: string
}

/** A regular file as it lies on the disk. */
export interface DiskFile {
  readonly content: Uint8Array
  /** Lower-case hex SHA-256 of the content. */
  readonly sha256: string
  /** Permission bits. */
  readonly mode: number
}

/**
 * An artifact from its text.
 *
 * @throws UserError when the text cannot be written as UTF-8 or has more than 100 MB, or the mode is
 *   not one of a file
 */
export function artifact(path: string, text: string, mode = 0o644): Artifact {
  validateMode(path, mode)
  if (!text.isWellFormed()) {
    throw new UserError({
      message: `${path} would hold half of a character (a lone UTF-16 surrogate)`,
      hint: 'Look for a string that was cut in the middle of a character, such as an emoji.',
    })
  }
  // Of UTF-8 each unit of the text is one byte at least.
  const size = text.length > largest ? text.length : Buffer.byteLength(text)
  if (size > largest) {
    throw new UserError({
      message: `${path} would have ${Math.round(size / 1e6)} MB: expected at most ${largest / 1e6} MB`,
      hint: 'Make its data smaller; put what is large into a file of its own that the stack only names.',
    })
  }
  return { path, text, mode, sha256: sha256(text) }
}

/** Bytes of the largest file that is generated, or compared with one: what GitHub takes at most. */
export const largest = 100e6

/** Refuses a mode that we could not read back ourselves, or that is not one of plain permissions. */
export function validateMode(path: string, mode: unknown, origin?: Origin): void {
  const isMode = Number.isInteger(mode) && Number(mode) >= 0o400 && Number(mode) <= 0o777
  if (isMode && (Number(mode) & 0o400) !== 0) return
  throw new UserError({
    message: `the mode of ${path} is ${typeof mode === 'number' ? `0o${mode.toString(8)}` : JSON.stringify(mode)}`,
    hint: 'Write permission bits in octal, with the right of its owner to read: 0o644, or 0o755 for a script.',
    origin,
  })
}

export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex')
}

/** The path in its shortest form; refuses one that is absolute or leaves the project. */
export function projectPath(path: string): string {
  const short = posix.normalize(path.replaceAll('\\', '/')).replace(/\/$/, '')
  const outside = short.startsWith('../') || ['..', '.', ''].includes(short)
  if (outside || posix.isAbsolute(short) || /^[A-Za-z]:/.test(short)) {
    throw new UserError({
      message: `the path ${JSON.stringify(path)} is not inside the project`,
      hint: 'Give a path relative to the folder of stack.ts, without `..`.',
    })
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
  if (/[\u0000-\u001f\u007f]/.test(short) || !short.isWellFormed()) {
    throw new UserError({
      message: `the path ${JSON.stringify(path)} has a character that no file name should have`,
      hint: 'Use letters, digits, dots, dashes and underscores.',
    })
  }
  return short
}

/** Whether a path that was read from a file could have been written by us. */
export function isProjectPath(path: string): boolean {
  try {
    return projectPath(path) === path && reservedPart(path) === undefined
  } catch {
    return false
  }
}

// HFS+ ignores these in a name, Windows dots and spaces at its end and what follows a colon: the
// aliases of `.git` that git itself rejects (is_hfs_dotgit, is_ntfs_dotgit).
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g
const windowsTail = /(?::.*|[. ]+)$/

/** The part of a path that belongs to git or to the writer itself, at any depth. */
function reservedPart(path: string): string | undefined {
  return path.split('/').find((part) => {
    const name = part.replaceAll(ignorable, '').replace(windowsTail, '').toLowerCase()
    return name === '.git' || name === 'git~1' || name === '.erlmcp'
  })
}

/** What names one file on macOS and Windows: upper and lower case, composed or decomposed. */
export function foldPath(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

/**
 * Refuses artifacts that cannot stand in one folder: two of one path, one that is a file where
 * another needs a folder, and two that differ in letter case only, which are one file on macOS
 * and Windows.
 */
export function validatePaths(artifacts: readonly Pick<Artifact, 'path'>[]): void {
  const taken = new Map<string, { readonly name: string; readonly kind: 'file' | 'folder' }>()
  for (const { path } of artifacts) {
    const parts = projectPath(path).split('/')
    const reserved = reservedPart(path)
    if (reserved !== undefined) {
      throw new UserError({
        message: `${path} is in ${reserved}/, which is not for generated files`,
        hint: 'Give the file another path.',
      })
    }
    for (const length of parts.keys()) {
      const name = parts.slice(0, length + 1).join('/')
      const kind = length + 1 === parts.length ? 'file' : 'folder'
      const key = foldPath(name)
      const known = taken.get(key)
      taken.set(key, { name, kind })
      if (!known || (known.name === name && known.kind === 'folder' && kind === 'folder')) continue
      throw new UserError({
        message:
          known.name === name && known.kind === kind
            ? `two files want the path ${name}`
            : `the ${known.kind} ${known.name} and the ${kind} ${name} cannot both be there`,
        hint: 'Give one of them another path. Upper and lower case are one on macOS and Windows.',
      })
    }
  }
}
