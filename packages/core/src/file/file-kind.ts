/** What `lstat` and `stat` of `node:fs` return, as far as it is asked here. */
interface FileStats {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

/** Names what is at a path where something else was expected: `a directory`. */
export function describeFileKind(stats: FileStats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isDirectory()) return 'a directory'
  return stats.isFile() ? 'a file' : 'a device, pipe or socket'
}
