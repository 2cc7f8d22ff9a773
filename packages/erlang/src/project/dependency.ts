import type { Location } from '@erlmcp/core'
import { parseTerms, type TermNode } from './parse-terms.ts'
import { atomOf, elementsOf, isTuple, nameOf, placeOf, textOf } from './term-access.ts'

/** A dependency or a plugin, of rebar.config or rebar.lock. */
export interface Dependency {
  readonly name: string
  /** `hex`, `git`, `git_subdir`, `hg`, `path`, or the resource of a plugin. */
  readonly source: string
  /** Package of hex, where it is not the name. */
  readonly package?: string
  /** Version or requirement of hex. */
  readonly version?: string
  /** URL or path of the other sources. */
  readonly url?: string
  /** Branch, tag or commit of a git repository. */
  readonly ref?: { readonly kind: 'branch' | 'tag' | 'ref'; readonly name: string }
  /** 0 for a dependency of the project, more for those of its dependencies. Only in rebar.lock. */
  readonly level?: number
  readonly location: Location
}

/** The dependencies of a list of rebar.config, such as `deps` or `plugins`. */
export function dependenciesOf(list: TermNode | undefined): readonly Dependency[] {
  return elementsOf(list).flatMap((node) => dependencyOf(node) ?? [])
}

function dependencyOf(node: TermNode): Dependency | undefined {
  const [first, ...others] = isTuple(node) ? node.items : [node]
  const name = nameOf(first)
  if (name === undefined) return undefined
  const location = placeOf(node)
  const version = others.map(textOf).find((text) => text !== undefined)
  const resource = others.find((other) => isTuple(other))
  if (resource) return { name, ...sourceOf(resource, version), location }
  return { name, source: 'hex', ...(version !== undefined && { version }), location }
}

function sourceOf(
  node: TermNode,
  version: string | undefined,
): Omit<Dependency, 'name' | 'location'> {
  const [kind, where, ref] = node.items
  const source = atomOf(kind) ?? 'unknown'
  const stated = version === undefined ? {} : { version }
  if (source === 'pkg') return { source: 'hex', package: nameOf(where) ?? '', ...stated }
  const url = textOf(where)
  const found = ref && refOf(ref)
  return { source, ...(url !== undefined && { url }), ...(found && { ref: found }) }
}

const refKinds = ['branch', 'tag', 'ref'] as const

function refOf(node: TermNode): Dependency['ref'] {
  if (!isTuple(node)) {
    const name = nameOf(node)
    return name === undefined ? undefined : { kind: 'branch', name: name || 'HEAD' }
  }
  const kind = refKinds.find((one) => one === atomOf(node.items[0]))
  const name = nameOf(node.items[1])
  return kind && name !== undefined ? { kind, name } : undefined
}

/**
 * The locked dependencies of a rebar.lock: `[]`, a list, or a list with a version of the format.
 *
 * @param text of the file; undefined for a project without one
 */
export function readLock(
  text: string | undefined,
  file: string,
): readonly Dependency[] | undefined {
  if (text === undefined) return undefined
  const [first] = parseTerms(text, file)
  const list = isTuple(first) ? first.items[1] : first
  return elementsOf(list).flatMap((node) => {
    const [name, resource, level] = isTuple(node) ? node.items : []
    const title = nameOf(name)
    if (!resource || title === undefined || typeof level?.term !== 'number') return []
    const version = textOf(resource.items[2])
    const isHex = atomOf(resource.items[0]) === 'pkg'
    const source = sourceOf(resource, isHex ? version : undefined)
    return [{ name: title, ...source, level: level.term, location: placeOf(node) }]
  })
}
