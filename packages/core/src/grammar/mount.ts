/**
 * The parts of a mount in the short form `source:target:options`. A letter and a colon at the
 * beginning of a part are a Windows drive (compose-go, format/volume.go).
 *
 * @example
 * splitMount('C:\\data:C:\\data:ro') // ['C:\\data', 'C:\\data', 'ro']
 */
export function splitMount(text: string): string[] {
  return text.split(/(?<!(?:^|:)[A-Za-z]):/)
}

/** Whether a path begins at a root: of Linux, or of a Windows drive or pipe. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || isWindowsPath(path)
}

/** Whether a path is an absolute one of Windows: `C:\data`, `\\.\pipe\docker_engine`. */
export function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path)
}
