import { posix } from 'node:path'
import { sha256 } from '../sha256.ts'
import { UserError } from '../user-error.ts'
import type { Origin } from './origin.ts'

/** A generated file: the printer's output and the writer's input. */
export interface Artifact {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly text: string
  /** Permission bits. */
  readonly mode: number
  /** Lower-case hex SHA-256 of the UTF-8 text. */
  readonly sha256: string
}

/** A regular file on the disk. */
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
 * @throws UserError for a text that is not valid UTF-16 or larger than 100 MB, and for an invalid mode
 */
export function artifact(path: string, text: string, mode = 0o644): Artifact {
  validateMode(path, mode)
  if (!text.isWellFormed()) {
    throw new UserError({
      message: `${path}: its text has a lone UTF-16 surrogate`,
      hint: 'Find the string that was cut inside a character, such as an emoji.',
    })
  }
  // UTF-8 needs at least one byte for each UTF-16 unit.
  const size = text.length > largest ? text.length : Buffer.byteLength(text)
  if (size > largest) {
    throw new UserError({
      message: `${path}: expected at most ${largest / 1e6} MB, got ${Math.round(size / 1e6)} MB`,
      hint: 'Make its data smaller, or keep large data in a file that the stack refers to.',
    })
  }
  return { path, text, mode, sha256: sha256(text) }
}

/** Bytes of the largest file that is generated or read: GitHub's limit. */
export const largest = 100e6

/** Rejects a mode that its owner cannot read, or with more than permission bits. */
export function validateMode(path: string, mode: unknown, origin?: Origin): void {
  const isMode = Number.isInteger(mode) && Number(mode) >= 0o400 && Number(mode) <= 0o777
  if (isMode && (Number(mode) & 0o400) !== 0) return
  throw new UserError({
    message: `${path}: invalid mode ${typeof mode === 'number' ? `0o${mode.toString(8)}` : JSON.stringify(mode)}`,
    hint: 'Write permission bits that its owner can read: 0o644, or 0o755 for a script.',
    origin,
  })
}

/** The path in its shortest form; rejects one that is absolute or leaves the project. */
export function projectPath(path: string): string {
  const short = posix.normalize(path.replaceAll('\\', '/')).replace(/\/$/, '')
  const outside = short.startsWith('../') || ['..', '.', ''].includes(short)
  if (outside || posix.isAbsolute(short) || /^[A-Za-z]:/.test(short)) {
    throw new UserError({
      message: `path ${JSON.stringify(path)} is outside the project`,
      hint: 'Write a path relative to the folder of stack.ts, without `..`.',
    })
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
  if (/[\u0000-\u001f\u007f]/.test(short) || !short.isWellFormed()) {
    throw new UserError({
      message: `path ${JSON.stringify(path)} has a control character`,
      hint: 'Use letters, digits, dots, dashes and underscores.',
    })
  }
  return short
}

/** Whether a path, read from a file, is one that erlmcp could have written. */
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

/** A path in the form that macOS and Windows compare: lower case, composed. */
export function foldPath(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

/**
 * Rejects paths that conflict: two equal ones, a file where another needs a folder, and two that
 * differ in letter case only, which are one file on macOS and Windows.
 */
export function validatePaths(artifacts: readonly Pick<Artifact, 'path'>[]): void {
  const taken = new Map<string, { readonly name: string; readonly kind: 'file' | 'folder' }>()
  for (const { path } of artifacts) {
    const parts = projectPath(path).split('/')
    const reserved = reservedPart(path)
    if (reserved !== undefined) {
      throw new UserError({
        message: `${path} is in ${reserved}/, which must not have generated files`,
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
            ? `two files have the path ${name}`
            : `the ${known.kind} ${known.name} conflicts with the ${kind} ${name}`,
        hint: 'Give one of them another path. macOS and Windows ignore letter case.',
      })
    }
  }
}
