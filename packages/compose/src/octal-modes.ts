import { COMMENTS } from '@erlmcp/core'
import type { Service } from './document.ts'

type WithMode = { readonly mode?: unknown }

/**
 * The service with a comment beside each mode that shows it in octal: `mode: 256 # 0400`. The number
 * itself stays decimal: `0400` is 256 in YAML 1.1 and for Docker, and 400 in YAML 1.2.
 */
export function withOctalModes(service: Service): Service {
  const { secrets, configs, volumes } = service
  const changed: { -readonly [Key in keyof Service]: Service[Key] } = {}
  if (some(secrets, hasMode)) changed.secrets = secrets.map(withOctalComment)
  if (some(configs, hasMode)) changed.configs = configs.map(withOctalComment)
  if (some(volumes, inMemory)) changed.volumes = volumes.map(withMode)
  // Keeps the order of the keys.
  return Object.keys(changed).length === 0 ? service : { ...service, ...changed }
}

type Mounts = NonNullable<Service['volumes']>

const inMemory = (mount: Mounts[number]) => typeof mount === 'object' && hasMode(mount?.tmpfs)

function withMode(mount: Mounts[number]): Mounts[number] {
  if (typeof mount !== 'object' || !mount.tmpfs) return mount
  return { ...mount, tmpfs: withOctalComment(mount.tmpfs) }
}

/** Whether it is a list, which parsed data may not be, and an item matches. */
function some<Item>(
  list: readonly Item[] | undefined,
  matches: (item: Item) => boolean,
): list is readonly Item[] {
  return Array.isArray(list) && list.some(matches)
}

function hasMode(node: unknown): node is WithMode & object {
  if (typeof node !== 'object' || node === null) return false
  const { mode } = node as WithMode
  return typeof mode === 'number' && Number.isInteger(mode) && mode >= 0
}

function withOctalComment<Node>(node: Node): Node {
  if (!hasMode(node)) return node
  const octal = Number(node.mode).toString(8).padStart(4, '0')
  return { ...node, [COMMENTS]: { mode: octal } }
}
