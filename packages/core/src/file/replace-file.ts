import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { explainFsErrors } from './durable.ts'
import { validateNoLinks } from './validate-no-links.ts'

/** Errors of a write to a fixed path, where another `--out` does not help. */
const inPlace = {
  EROFS: ['the file system is read-only', 'Mount it writable.'],
  EACCES: ['permission denied', 'Change its owner or mode.'],
  EPERM: ['the file is write-protected', 'Remove the protection.'],
  ENOENT: ['cannot create a file there', 'Check its parent folders.'],
  ENOTDIR: ['expected a folder, got a file', 'Move the file away.'],
  EEXIST: ['expected a folder, got a file', 'Move the file away.'],
  EISDIR: ['expected a file, got a folder', 'Move the folder away.'],
  EBUSY: ['a file system is mounted there', 'Unmount it.'],
} as const

/** Runs a file system operation on a fixed path; turns its errors into a UserError that names `path`. */
export function writeInPlace<T>(path: string, step: () => T): T {
  return explainFsErrors(path, step, inPlace)
}

/**
 * Replaces a file of the project atomically, never through a symbolic link.
 *
 * @param root folder of the project
 * @param path relative to it, with `/`
 * @param mode of the new file, less the umask. Default: 0666.
 * @throws UserError for a link among the folders, or an error of the file system
 * @example
 * replaceFile('.', '.erlmcp/gates/report.html', html)
 */
export function replaceFile(root: string, path: string, text: string, mode = 0o666): void {
  const folder = dirname(path)
  if (folder !== '.') validateNoLinks(root, folder)
  const draft = join(root, `${path}.${randomBytes(6).toString('hex')}.draft`)
  writeInPlace(path, () => {
    mkdirSync(dirname(draft), { recursive: true })
    try {
      writeFileSync(draft, text, { flag: 'wx', mode })
      // A rename replaces a link, not its target.
      renameSync(draft, join(root, path))
    } finally {
      rmSync(draft, { force: true })
    }
  })
}
