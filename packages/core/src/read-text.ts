import { readFileSync, statSync } from 'node:fs'
import { largest } from './artifact.ts'
import { UserError } from './user-error.ts'

/**
 * The text of a file of the project that a user or a stack names. A pipe is not read, for which one
 * would wait for ever, nor a device, nor what is larger than a file to read.
 *
 * @param shown the path as a user knows it
 * @returns undefined where nothing is there
 * @throws UserError for anything but a regular file of at most 100 MB that this user may read
 */
export function readRegularFile(file: string, shown = file): string | undefined {
  const reject = (why: string, hint: string): never => {
    throw new UserError({ message: `${shown} cannot be read: ${why}`, hint })
  }
  try {
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat === undefined) return undefined
    if (stat.isDirectory()) reject('it is a folder', 'Name a file.')
    if (!stat.isFile()) reject('it is a pipe, a socket or a device', 'Put a regular file there.')
    if (stat.size > largest) {
      const size = `it has ${Math.round(stat.size / 1e6)} MB: expected at most ${largest / 1e6} MB`
      reject(size, 'Name another file, or make it smaller.')
    }
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'EACCES') {
      throw new UserError({
        message: `you may not read ${shown}`,
        hint: 'Change its owner or mode, or that of its folder.',
        kind: 'environment',
      })
    }
    return reject(message, 'Look at what it is, and at who may read it.')
  }
}
