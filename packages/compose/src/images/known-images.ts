import { type ImageReference, parseImageReference } from '@erlmcp/core'
import { resolve } from '../model/resolve.ts'
import { applications } from './applications.ts'
import { databases } from './databases.ts'
import { development } from './development.ts'
import type { ImageFacts } from './facts.ts'
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

const byRepository = new Map<string, ImageFacts>()
const byPrefix: (readonly [prefix: string, facts: ImageFacts])[] = []
for (const facts of knownImages) {
  for (const repository of facts.repositories) {
    if (repository.endsWith('*')) byPrefix.push([repository.slice(0, -1), facts])
    else byRepository.set(repository, facts)
  }
}

/**
 * The facts of an image, from any mirror. `acme/redis` is not `redis`, but an image of acme.
 *
 * @param image reference as in a compose file
 * @example
 * findImageFacts('mirror.example/library/redis:8-alpine')?.stepsDownTo // '999:1000'
 */
export function findImageFacts(image: string | undefined): ImageFacts | undefined {
  return image === undefined || image === ''
    ? undefined
    : factsOf(parseImageReference(resolve(image)))
}

/** The facts of the image of that name. */
export function factsOf({ registry, path, tag }: ImageReference): ImageFacts | undefined {
  const parts = path.split('/')
  for (let from = 0; from < parts.length; from++) {
    const repository = parts.slice(from).join('/')
    const facts = byRepository.get(repository) ?? withPrefix(repository)
    if (facts && isMirror(registry, parts.slice(0, from), repository)) return ofTag(facts, tag)
  }
  return undefined
}

function withPrefix(repository: string): ImageFacts | undefined {
  return byPrefix.find(([prefix]) => repository.startsWith(prefix))?.[1]
}

// These publish their own images under the names of the official ones.
const vendorHosts = new Set(['dhi.io', 'registry.redhat.io', 'registry.access.redhat.com'])
const mirrorFolder =
  /^(?:hub|docker|official|upstream)$|docker[-_.]?(?:hub|io|remote)|prox(?:y|ied)|mirror|cache|remote/

/** Whether the prefix of a repository is that of a mirror, not of another maker. */
function isMirror(registry: string, folders: readonly string[], repository: string): boolean {
  if (vendorHosts.has(registry)) return repository.startsWith('ubi')
  // A name of two parts includes its maker.
  if (repository.includes('/')) return true
  if (folders.length === 0 || folders.at(-1) === 'library') return true
  return registry !== '' && folders.some((folder) => mirrorFolder.test(folder))
}

function ofTag(facts: ImageFacts, tag: string): ImageFacts {
  const variants = facts.variants?.filter((variant) => variant.tag.test(tag))
  if (!variants?.length) return facts
  return Object.assign({}, facts, ...variants.map((variant) => variant.facts)) as ImageFacts
}
