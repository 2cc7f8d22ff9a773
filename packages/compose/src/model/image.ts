import { type ImageReference, parseImageReference } from '@erlmcp/core'
import type { Service } from '../document.ts'
import type { ImageFacts } from '../images/facts.ts'
import { factsOf } from '../images/known-images.ts'
import { resolve } from './resolve.ts'

const noImage: ImageReference = parseImageReference('')

/** The image of a service; all parts are empty without one. */
export function readImage({ image }: Service): ImageReference {
  return image ? parseImageReference(resolve(image)) : noImage
}

/** The facts of the image of a service. */
export function knownImage(image: ImageReference): ImageFacts | undefined {
  return image === noImage ? undefined : factsOf(image)
}
