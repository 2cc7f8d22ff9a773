import { openRoot, walk } from './disk.ts'

/**
 * Rejects a path of the project with a symbolic link in it, since the target may be outside the
 * project. A path that does not exist is valid.
 *
 * @param root folder of the project; links above it are allowed
 * @param path relative to it, with `/`
 * @throws UserError for a link, and for a file in place of a folder
 * @example
 * validateNoLinks('.', '.envrc')
 */
export function validateNoLinks(root: string, path: string): void {
  walk(openRoot(root), path)
}
