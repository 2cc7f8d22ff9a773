import { openRoot, walk } from './write/disk.ts'

/**
 * Refuses a path of the project that a symbolic link is on the way to, or at the end of: what it
 * leads to is not the project's. Where nothing is there yet, nothing is wrong.
 *
 * @param root folder of the project; links above it are the user's own
 * @param path relative to it, with `/`
 * @throws UserError for a link, and for a file where a folder is needed
 * @example
 * refuseLinks('.', '.envrc')
 */
export function validateNoLinks(root: string, path: string): void {
  walk(openRoot(root), path)
}
