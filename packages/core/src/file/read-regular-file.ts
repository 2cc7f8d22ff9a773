import { readFileSync, statSync } from 'node:fs'
import { largest } from '../document/artifact.ts'
import { UserError } from '../user-error.ts'

/**
 * The text of a regular file of the project. Pipes, which may block for ever, devices and files over
 * 100 MB are rejected.
 *
 * @param shown the path in messages
 * @returns undefined when the file does not exist
 * @throws UserError for anything but a readable regular file of at most 100 MB
 */
export function readRegularFile(file: string, shown = file): string | undefined {
  const reject = (why: string, hint: string): never => {
    throw new UserError({ message: `${shown} cannot be read: ${why}`, hint })
  }
  try {
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat === undefined) return undefined
    if (stat.isDirectory()) reject('it is a folder', 'Pass the path of a file.')
    if (!stat.isFile())
      reject('it is a pipe, a socket or a device', 'Pass the path of a regular file.')
    if (stat.size > largest) {
      const size = `expected at most ${largest / 1e6} MB, got ${Math.round(stat.size / 1e6)} MB`
      reject(size, 'Pass another file, or make it smaller.')
    }
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'EACCES') {
      throw new UserError({
        message: `cannot read ${shown}: permission denied`,
        hint: 'Change its owner or mode, or that of its folder.',
        kind: 'environment',
      })
    }
    return reject(message, 'Check its type and its permissions.')
  }
}
