import { isTagged } from '@erlmcp/core'
import type { Service } from '../document.ts'
import { twins } from '../lint/model/twins.ts'
import { isReset, replace } from './tag.ts'

/**
 * A patch as Compose takes it with its base: what Compose would refuse to find twice is left out, and
 * a limit that is written in one of its two places is in the other one too.
 *
 * @param base the service that is patched
 * @param extended what the patch extends: Compose joins it before the base
 */
export function fitToBase(node: Service, base: Service, extended: Service): Service {
  return withTwins(withoutRepeated(node, base, extended), base, extended)
}

// Lists that Compose appends, and then refuses with an item twice.
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
    // Both of them have it, and neither can leave it out.
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

/** What is said in one of two places is in the other one too, where the base or what is extended says that. */
function withTwins(node: Service, base: Service, extended: Service): Service {
  const levels = [node, extended, base]
  let out: Record<string, unknown> = { ...node }
  for (const [key, way] of twins) {
    const places = levels.map((one) => [one[key], valueAt(one, ['deploy', ...way])] as const)
    const first = places.findIndex((said) => said.some((value) => value !== undefined))
    if (first < 0) continue
    const [here, there] = places[first]!
    const below = places.slice(first + 1)
    if (here === undefined) {
      if (below.some(([other]) => other !== undefined)) out[key] = there
    } else if (there === undefined) {
      // Compose takes a limit that is not among other ones for 0.
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
