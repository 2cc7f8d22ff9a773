import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { validateNoLinks } from '../links.ts'
import { explainFsErrors } from './durable.ts'

/** What the machine refuses where the place is fixed: there is no other `--out` to choose. */
const inPlace = {
  EROFS: ['the file system is read-onlytem', 'Mount it writable.'],
  EACCES: ['you may not write there', 'Change its owner or mode.'],
  EPERM: ['the file is write-protected', 'Remove the protection.'],
  ENOENT: ['cannot create a file there', 'Look at the folders above it.'],
  ENOTDIR: ['there is a file where a folder belongs', 'Move it away.'],
  EEXIST: ['there is a file where a folder belongs', 'Move it away.'],
  EISDIR: ['there is a folder where a file belongs', 'Move it away.'],
  EBUSY: ['a file system is mounted there', 'Unmount it.'],
} as const

/** Runs a step on the disk; what the machine refuses is told in words, naming `path`. */
export function writeInPlace<T>(path: string, step: () => T): T {
  return explainFsErrors(path, step, inPlace)
}

/**
 * Writes a file of the project, whole or not at all, and never through a link: what it leads to is
 * not the project's.
 *
 * @param root folder of the project
 * @param path relative to it, with `/`
 * @param mode of the new file, less the umask. Default: 0666.
 * @throws UserError for a link among the folders, or where the machine refuses
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
      // Replaces a link that has the name, and not what it leads to.
      renameSync(draft, join(root, path))
    } finally {
      rmSync(draft, { force: true })
    }
  })
}
