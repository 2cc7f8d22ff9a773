import { type ImageReference, memoize, parseImageReference } from '@erlmcp/core'
import type { Service } from '../document.ts'
import type { ImageFacts } from '../images/facts.ts'
import { factsOf } from '../images/known-images.ts'
import { resolve } from './resolve.ts'

const noImage: ImageReference = parseImageReference('')

/** The image of a service; all parts are empty without one. */
export function readImage({ image }: Service): ImageReference {
  return image ? parseImageReference(resolve(image)) : noImage
}

// Many rules ask for the same image.
const lookUp = memoize((image: ImageReference) => ({ facts: factsOf(image) }))

/** The facts of the image of a service. */
export function knownImage(image: ImageReference): ImageFacts | undefined {
  return image === noImage ? undefined : lookUp(image).facts
}
