import { formatValue, isTagged, type Originated, type Path, UserError } from '@erlmcp/core'
import type { ComposeFile, Service } from '../document.ts'
import type { Identity, Merge } from '../schema/facts.ts'
import { factsByPath } from '../schema/facts-by-path.ts'
import { byName, identities, longForms } from './items.ts'
import { isReset, untagged } from './tag.ts'

type Node = Readonly<Record<string, unknown>> & Originated

/** Two merged files. */
export interface Merged {
  readonly file: ComposeFile
  /** Keys that the overlay resets and the base does not have, which Compose silently ignores. */
  readonly ineffective: readonly Path[]
}

/**
 * Merges files as Compose does for `-f base -f overlay`: mappings key by key, most lists by appending
 * without duplicates; the rest is replaced. `!reset` and `!override` of the overlay apply first.
 *
 * @param extended what services of the overlay extend, by name: Compose merges it before the base, and
 * tags apply to it, too
 * @throws UserError for two types of value under one key, which Compose rejects
 */
export function mergeFiles(
  base: ComposeFile,
  overlay: ComposeFile,
  extended: Readonly<Record<string, Service>> = {},
): Merged {
  const cleared = untouched(base, overlay)
  const inherited = untouched({ services: extended }, overlay)
  const own = join(inherited.file, untagged(overlay), []) as ComposeFile
  const file = join(cleared.file, withoutExtends(own, extended), [])
  const absent = new Set(inherited.ineffective.map(String))
  return {
    file: unite(file, []) as ComposeFile,
    ineffective: cleared.ineffective.filter((path) => absent.has(String(path))),
  }
}

/** The base without the keys that an overlay resets or overrides, and the resets without effect. */
function untouched(base: ComposeFile, overlay: ComposeFile): Merged {
  const ineffective: Path[] = []
  const file = clear(toLong(base, []), overlay, [], ineffective) as ComposeFile
  return { file, ineffective }
}

/** Removes `extends` of the services that are already merged with what they extend. */
function withoutExtends(
  file: ComposeFile,
  extended: Readonly<Record<string, Service>>,
): ComposeFile {
  const names = Object.keys(extended)
  if (names.length === 0) return file
  const services: Record<string, Service> = { ...file.services }
  for (const name of names) {
    const { extends: _, ...rest } = services[name]!
    services[name] = rest
  }
  return { ...file, services }
}

/** A service merged with the one that it extends. */
export function mergeServices(base: Service, child: Service): Service {
  const { file } = mergeFiles({ services: { x: base } }, { services: { x: child } })
  return file.services!.x!
}

/** The base without the keys that the overlay resets or overrides. */
function clear(base: unknown, overlay: unknown, path: Path, ineffective: Path[]): unknown {
  if (!isNode(overlay)) return base
  let out = base
  for (const [key, value] of Object.entries(overlay)) {
    const own = isNode(out) && Object.hasOwn(out, key) ? out[key] : undefined
    const at = [...path, key]
    if (!isTagged(value)) {
      const inner = clear(own, value, at, ineffective)
      if (inner !== own && isNode(out)) out = { ...out, [key]: inner }
    } else if (isNode(out) && Object.hasOwn(out, key)) {
      const { [key]: _, ...rest } = out
      out = rest
    } else if (isReset(value)) ineffective.push(at)
  }
  return out
}

function join(base: unknown, overlay: unknown, path: Path): unknown {
  const joining = factAt(mergeFacts().merges, path)
  if (joining) return special(joining, base, overlay, path)
  if (overlay === null || overlay === undefined) return base
  if (base === null || base === undefined) return overlay
  if (isNode(base) && isNode(overlay)) return joinNodes(base, overlay, path)
  if (Array.isArray(base) && Array.isArray(overlay)) return [...base, ...overlay]
  if (typeof base === 'object') throw unlike(base, overlay, path)
  return overlay
}

function joinNodes(base: Node, overlay: Node, path: Path): Node {
  const out: Record<string, unknown> & Originated = { ...base }
  for (const key in overlay) {
    out[key] = Object.hasOwn(base, key)
      ? join(base[key], overlay[key], [...path, key])
      : overlay[key]
  }
  return out
}

function special(joining: Merge, base: unknown, overlay: unknown, path: Path): unknown {
  switch (joining) {
    case 'replace':
      return overlay
    case 'texts':
      return [...texts(base), ...texts(overlay)]
    case 'new-texts': {
      const known = texts(base)
      return [...known, ...texts(overlay).filter((text) => !known.includes(text))]
    }
    case 'names':
      return joinNodes(names(base, null), names(overlay, null), path)
    case 'dependencies': {
      const started = { condition: 'service_started', required: true }
      return joinNodes(names(base, started), names(overlay, started), path)
    }
    case 'build':
      return joinNodes(context(base), context(overlay), path)
    case 'logging':
      return logging(base as Node, overlay as Node, path)
    case 'pools':
      return pools(base as readonly Node[], overlay as readonly Node[])
  }
}

function texts(value: unknown): unknown[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value
  if (!isNode(value)) return []
  return Object.entries(value)
    .flatMap(([name, one]) =>
      one === null ? [name] : [one].flat().map((part) => `${name}=${part}`),
    )
    .sort()
}

function names(value: unknown, meant: Node | null): Node {
  const named = byName(value, meant)
  return isNode(named) ? named : {}
}

function context(value: unknown): Node {
  if (isNode(value)) return value
  return typeof value === 'string' ? { context: value } : {}
}

function logging(base: Node, overlay: Node, path: Path): Node {
  const { driver: first } = base
  const { driver: second } = overlay
  const joined = first === undefined || second === undefined || first === second
  return joined ? joinNodes(base, overlay, path) : overlay
}

/** As Compose loops: each pool of the base with each of the overlay; the last one wins. */
function pools(base: readonly Node[], overlay: readonly Node[]): readonly Node[] {
  const out: Node[] = []
  const at = (subnet: unknown) => out.findIndex((pool) => pool.subnet === subnet)
  for (const own of base) {
    let joined = own
    for (const other of overlay) {
      if (other.subnet !== own.subnet && at(other.subnet) < 0) {
        out.push(other)
        continue
      }
      joined = { ...joined, ...other }
      if (at(joined.subnet) < 0) out.push(joined)
      else out[at(joined.subnet)] = joined
    }
  }
  return out
}

/** The file with the long forms that Compose compares. */
function toLong(value: unknown, path: Path): unknown {
  const long = factAt(longForms, path)
  if (long) return long(value)
  return mapBelow(value, path, toLong)
}

/** The file without items that a later item of the list replaces. */
function unite(value: unknown, path: Path): unknown {
  const identity = Array.isArray(value) ? factAt(mergeFacts().identities, path) : undefined
  if (!identity) return mapBelow(value, path, unite)
  const long = factAt(longForms, path)
  const items = new Map<string, unknown>()
  for (const item of (long ? long(value) : value) as readonly unknown[]) {
    items.set(identities[identity](item), item)
  }
  return [...items.values()]
}

/** An object with each field mapped; the same object where no field changed. */
function mapBelow(
  value: unknown,
  path: Path,
  change: (value: unknown, path: Path) => unknown,
): unknown {
  // The tables have no deeper paths.
  if (!isNode(value) || path.length > 5) return value
  const out: Record<string, unknown> & Originated = { ...value }
  let changed = false
  for (const key in value) {
    out[key] = change(value[key], [...path, key])
    changed ||= out[key] !== value[key]
  }
  return changed ? out : value
}

interface MergeFacts {
  readonly merges: ReadonlyMap<string, Merge>
  readonly identities: ReadonlyMap<string, Identity>
}

let known: MergeFacts | undefined

/** What the table of keys says of merging. */
function mergeFacts(): MergeFacts {
  known ??= { merges: factsByPath('merge'), identities: factsByPath('identity') }
  return known
}

function factAt<Fact>(table: ReadonlyMap<string, Fact>, path: Path): Fact | undefined {
  const [section, , ...rest] = path
  if (path.length < 3) return undefined
  const [key, one, ...deeper] = rest
  return (
    table.get([section, '*', ...rest].join('.')) ??
    // `ulimits.*` and `networks.*.aliases` have a name in the middle.
    (one === undefined ? undefined : table.get([section, '*', key, '*', ...deeper].join('.')))
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isTagged(value)
}

function unlike(base: unknown, overlay: unknown, path: Path): UserError {
  return new UserError({
    message: `${path.join('.')}: expected ${Array.isArray(base) ? 'a list' : 'an object'} as in the base, got ${formatValue(overlay)}`,
    hint: 'Write the same form as the base, or `replace(…)` around the value.',
  })
}
