import { parseImageReference } from '@erlmcp/core'
import { resolve } from '../model/resolve.ts'
import { imageDefaults } from './defaults.gen.ts'
import type { ImageDefaults } from './facts.ts'
import { indexByName } from './find-by-name.ts'

const defaultsOf = indexByName(
  Object.entries(imageDefaults).map(([names, facts]) => [names.split(' '), facts]),
)

/**
 * What the defaults of a service depend on, from any mirror of the image.
 *
 * @param image reference as in a compose file
 * @example
 * findImageDefaults('mirror.example/library/redis:8-alpine')?.stepsDownTo // '999:1000'
 */
export function findImageDefaults(image: string | undefined): ImageDefaults | undefined {
  return image === undefined || image === ''
    ? undefined
    : defaultsOf(parseImageReference(resolve(image)))
}
