import { isTagged } from '@erlmcp/core'
import type { Service } from '../document.ts'
import { twins } from '../model/twins.ts'
import { isReset, replace } from './tag.ts'

/**
 * A patch that Compose can merge with its base: without items that Compose rejects as duplicates, and
 * with a limit under both of its keys where base and patch use different ones.
 *
 * @param base the service that is patched
 * @param extended the service that the patch extends, which Compose merges before the base
 */
export function fitToBase(node: Service, base: Service, extended: Service): Service {
  return withTwins(withoutRepeated(node, base, extended), base, extended)
}

// Compose appends these lists, and rejects a duplicate item.
const unrepeatable = [
  ...['device_cgroup_rules', 'external_links', 'group_add', 'security_opt', 'volumes_from'],
] as const

function withoutRepeated(node: Service, base: Service, extended: Service): Service {
  const out: Record<string, unknown> = { ...node }
  for (const key of unrepeatable) {
    if (isTagged(node[key])) continue
    const [known, inherited, own] = [base, extended, node].map(({ [key]: list }) =>
      Array.isArray(list) ? (list as readonly unknown[]) : [],
    )
    const before = new Set([...known!, ...inherited!].map(String))
    const rest = own!.filter((item) => !before.has(String(item)))
    // The item is in the base and in the extended service: only a replacement removes it.
    if (before.size < known!.length + inherited!.length) {
      out[key] = replace([...distinct([...known!, ...inherited!]), ...rest])
    } else if (rest.length < own!.length) {
      if (rest.length === 0) delete out[key]
      else out[key] = rest
    }
  }
  return out
}

function distinct(items: readonly unknown[]): unknown[] {
  return [...new Map(items.map((item) => [String(item), item])).values()]
}

/** Sets a limit under its second key, too, where the base or the extended service sets that one. */
function withTwins(node: Service, base: Service, extended: Service): Service {
  const levels = [node, extended, base]
  let out: Record<string, unknown> = { ...node }
  for (const [key, way] of twins) {
    const places = levels.map((one) => [one[key], valueAt(one, ['deploy', ...way])] as const)
    const first = places.findIndex((values) => values.some((value) => value !== undefined))
    if (first < 0) continue
    const [here, there] = places[first]!
    const below = places.slice(first + 1)
    if (here === undefined) {
      if (below.some(([other]) => other !== undefined)) out[key] = there
    } else if (there === undefined) {
      // Compose reads a limit that is missing beside others as 0.
      const parent = key === 'scale' ? undefined : ['deploy', ...way.slice(0, -1)]
      const isAmong = parent && levels.some((one) => valueAt(one, parent) !== undefined)
      const isBelow = below.some(([, other]) => other !== undefined)
      if (isBelow || (isAmong && !isTagged(here)))
        out = put(out, ['deploy', ...way], textOf(key, here))
    }
  }
  return out as Service
}

function valueAt(value: unknown, way: readonly string[]): unknown {
  if (way.length === 0) return value
  if (isTagged(value)) return isReset(value) ? undefined : valueAt(value.value, way)
  if (typeof value !== 'object' || value === null) return undefined
  return valueAt((value as Record<string, unknown>)[way[0]!], way.slice(1))
}

function put(
  node: object,
  [key, ...way]: readonly string[],
  value: unknown,
): typeof node & Record<string, unknown> {
  const below = (node as Record<string, unknown>)[key!]
  if (way.length === 0) return { ...node, [key!]: value }
  if (isTagged(below)) return { ...node }
  return { ...node, [key!]: put((below ?? {}) as object, way, value) }
}

/** Memory and CPUs are text under `deploy`. */
function textOf(key: string, value: unknown): unknown {
  return isTagged(value) || key === 'pids_limit' || key === 'scale' ? value : String(value)
}
