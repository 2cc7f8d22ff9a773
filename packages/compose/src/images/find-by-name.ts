import type { ImageReference } from '@erlmcp/core'

interface Variable {
  readonly variants?: readonly { readonly tag: RegExp; readonly facts: object }[]
}

/** Finds what is known of an image by its name. `acme/redis` is not `redis`, but an image of acme. */
export type FindByName<Facts> = (image: ImageReference) => Facts | undefined

/**
 * @param known facts with the repositories that they are of; a `*` at the end of one matches any suffix
 */
export function indexByName<Facts extends Variable>(
  known: Iterable<readonly [repositories: readonly string[], facts: Facts]>,
): FindByName<Facts> {
  const byRepository = new Map<string, Facts>()
  const byPrefix: (readonly [prefix: string, facts: Facts])[] = []
  for (const [repositories, facts] of known) {
    for (const repository of repositories) {
      if (repository.endsWith('*')) byPrefix.push([repository.slice(0, -1), facts])
      else byRepository.set(repository, facts)
    }
  }
  const withPrefix = (repository: string) =>
    byPrefix.find(([prefix]) => repository.startsWith(prefix))?.[1]

  return ({ registry, path, tag }) => {
    const parts = path.split('/')
    for (let from = 0; from < parts.length; from++) {
      const repository = parts.slice(from).join('/')
      const facts = byRepository.get(repository) ?? withPrefix(repository)
      if (facts && isMirror(registry, parts.slice(0, from), repository)) return ofTag(facts, tag)
    }
    return undefined
  }
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

function ofTag<Facts extends Variable>(facts: Facts, tag: string): Facts {
  const variants = facts.variants?.filter((variant) => variant.tag.test(tag))
  if (!variants?.length) return facts
  return Object.assign({}, facts, ...variants.map((variant) => variant.facts))
}
