/**
 * The parts of a mount in the short form, `source:target:options`. A letter and a colon at the
 * beginning of a part are a drive of Windows (compose-go, format/volume.go).
 *
 * @example
 * mountParts('C:\\data:C:\\data:ro') // ['C:\\data', 'C:\\data', 'ro']
 */
export function mountParts(text: string): string[] {
  return text.split(/(?<!(?:^|:)[A-Za-z]):/)
}

/** Whether a path begins at a root: of Linux, or of a drive or pipe of Windows. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || isOfWindows(path)
}

/** Whether a path is one of Windows: `C:\data`, `\\.\pipe\docker_engine`. */
export function isOfWindows(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path)
}
