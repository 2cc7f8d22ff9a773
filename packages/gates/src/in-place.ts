import { inWords } from '@erlmcp/core'

/** What the machine refuses where the place is fixed: there is no other `--out` to choose. */
const inPlace = {
  EROFS: ['it is on a read-only file system', 'Mount it writable.'],
  EACCES: ['you may not write there', 'Change its owner or mode.'],
  EPERM: ['it is protected against writing', 'Remove the protection.'],
  ENOENT: ['nothing can be made there', 'Look at the folders above it.'],
  ENOTDIR: ['there is a file where a folder belongs', 'Move it away.'],
  EEXIST: ['there is a file where a folder belongs', 'Move it away.'],
  EISDIR: ['there is a folder where a file belongs', 'Move it away.'],
  EBUSY: ['something is mounted there', 'Unmount it.'],
} as const

/** Runs a step on the disk; what the machine refuses is told in words, naming `path`. */
export function writeInPlace<T>(path: string, step: () => T): T {
  return inWords(path, step, inPlace)
}
