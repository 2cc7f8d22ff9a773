import { applications } from './applications.ts'
import { databases } from './databases.ts'
import { development } from './development.ts'
import type { ImageFacts } from './facts.ts'
import { indexByName } from './find-by-name.ts'
import { languages } from './languages.ts'
import { messaging } from './messaging.ts'
import { monitoring } from './monitoring.ts'
import { vendors } from './vendors.ts'
import { web } from './web.ts'

/** The known images. */
export const knownImages: readonly ImageFacts[] = [
  ...databases,
  ...messaging,
  ...web,
  ...monitoring,
  ...applications,
  ...development,
  ...languages,
  ...vendors,
]

/** The facts of an image, from any mirror. */
export const factsOf = indexByName<ImageFacts>(
  knownImages.map((facts) => [facts.repositories, facts]),
)
