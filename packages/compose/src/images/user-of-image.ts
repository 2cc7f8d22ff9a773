import { parseImageReference } from '@erlmcp/core'
import type { Interpolation } from '../values/interpolation.ts'
import { alpine } from './facts.ts'
import { findImageDefaults } from './find-defaults.ts'

/**
 * UID and GID of the server in an image, which starts as that user or switches to it.
 *
 * @param official the repository whose users an unknown image has, too
 * @example
 * userOfImage('acme/redis:8-alpine', 'redis') // '999:1000'
 */
export function userOfImage(image: string | Interpolation, official: string): string {
  const name = typeof image === 'string' ? image : ''
  for (const one of [name, `${official}:${parseImageReference(name).tag}`, official]) {
    const { user, stepsDownTo = user } = findImageDefaults(one) ?? {}
    if (stepsDownTo !== undefined) return stepsDownTo
  }
  throw new Error(`the known images have no user of ${official}`)
}

/** Whether an image is based on Alpine, by its tag. */
export function isAlpine(image: string | Interpolation): boolean {
  return typeof image === 'string' && alpine.test(parseImageReference(image).tag)
}
