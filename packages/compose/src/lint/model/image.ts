import type { Service } from '../../document.ts'
import type { ImageFacts } from '../../images/facts.ts'
import { factsOf, type ImageName, parseImageName } from '../../images/known-images.ts'

export type { ImageName } from '../../images/known-images.ts'

const noImage: ImageName = { registry: '', path: '', base: '', tag: '', digest: '' }

/** The image of a service; all parts are empty when it names none. */
export function readImage({ image }: Service): ImageName {
  return image ? parseImageName(image) : noImage
}

/** What is known of a service's image. */
export function knownImage(image: ImageName): ImageFacts | undefined {
  return image === noImage ? undefined : factsOf(image)
}
