import { relative } from 'node:path'
import type { Location } from '@erlmcp/core'

/** A path relative to the working folder. */
export function displayPath(file: string): string {
  return relative(process.cwd(), file) || file
}

/** The same location, its file relative to the working folder. */
export function displayLocation(location: Location | undefined): Location | undefined {
  return location && { ...location, file: displayPath(location.file) }
}
