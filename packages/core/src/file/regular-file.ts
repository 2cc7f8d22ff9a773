import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { largest } from '../document/artifact.ts'
import { UserError } from '../user-error.ts'
import { ifExists } from './disk.ts'
import { describeFileKind } from './file-kind.ts'

/** A path is not a file that can be read to its end. */
export class IrregularFileError extends Error {}

/** What is opened beside regular files. */
export interface OpenOptions {
  /** Whether a symbolic link is followed. Default: true. */
  readonly links?: boolean
  /** Whether a pipe is opened, too; reading it may fail with EAGAIN. Default: false. */
  readonly pipes?: boolean
}

/**
 * Opens a regular file for reading. Opening anything else could block, as a pipe, or never end, as a
 * device.
 *
 * @returns the file descriptor, which the caller closes
 * @throws IrregularFileError for anything else; an error of the system, such as ENOENT, as it is
 * @example
 * createReadStream('', { fd: openRegularFile('dump.gz') })
 */
export function openRegularFile(path: string, options: OpenOptions = {}): number {
  const { links = true, pipes = false } = options
  const expected = `expected a regular file${pipes ? ' or a pipe' : ''}, got`
  const file = openWithoutWaiting(path, links, expected)
  const stats = fstatSync(file)
  if (stats.isFile() || (pipes && stats.isFIFO())) return file
  closeSync(file)
  throw new IrregularFileError(`${expected} ${describeFileKind(stats)}`)
}

function openWithoutWaiting(path: string, links: boolean, expected: string): number {
  // Without O_NONBLOCK the open itself waits for the other end of a pipe.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
  try {
    return openSync(path, links ? flags : flags | constants.O_NOFOLLOW)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENXIO') throw new IrregularFileError(`${expected} a socket or device`)
    if (code === 'ELOOP' && !links) throw new IrregularFileError(`${expected} a symbolic link`)
    throw error
  }
}

/** Limits of {@link readRegularText}. */
export interface ReadOptions extends Pick<OpenOptions, 'links'> {
  /** Bytes that the file may have at most. Default: 100 MB. */
  readonly limit?: number
}

/**
 * Reads the text of a regular file.
 *
 * @throws IrregularFileError for anything else, and for a larger file; an error of the system, such as
 * ENOENT, as it is
 * @example
 * readRegularText('secrets/cookie', { links: false, limit: 4096 })
 */
export function readRegularText(path: string, options: ReadOptions = {}): string {
  const { limit = largest } = options
  const file = openRegularFile(path, options)
  try {
    const { size } = fstatSync(file)
    if (size <= limit) return readFileSync(file, 'utf8')
    throw new IrregularFileError(
      `expected at most ${limit / 1e6} MB, got ${Math.round(size / 1e6)} MB`,
    )
  } finally {
    closeSync(file)
  }
}

/**
 * Reads the text of a file of the project.
 *
 * @param shown the path in messages
 * @returns undefined when the file does not exist
 * @throws UserError for anything but a readable regular file of at most 100 MB
 * @example
 * readRegularFile('rebar.config')
 */
export function readRegularFile(file: string, shown = file): string | undefined {
  try {
    return ifExists(shown, () => readRegularText(file))
  } catch (error) {
    if (!(error instanceof IrregularFileError)) throw error
    throw new UserError({
      message: `${shown}: ${error.message}`,
      hint: 'Pass the path of a regular file of at most 100 MB.',
    })
  }
}
