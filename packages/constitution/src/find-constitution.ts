import { dirname, join, resolve } from 'node:path'
import { readRegularFile } from '@erlmcp/core'
import {
  type Constitution,
  constitution,
  constitutionPath,
  parseConstitution,
} from './constitution.ts'

/**
 * The map of the project that a folder belongs to: the nearest `constitution.json` in the folder or
 * above it. Default: the map without options.
 *
 * @throws UserError when the file is invalid
 */
export function findConstitution(folder: string): Constitution {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, constitutionPath)
    const text = readRegularFile(file)
    if (text !== undefined) return parseConstitution(text)
    if (dirname(at) === at) return constitution()
  }
}
