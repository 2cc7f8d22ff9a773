import type { Path } from '@erlmcp/core'
import type { ComposeFile, Service } from '../document.ts'

/** Keys of a service with a second place below `deploy`; Compose rejects two different values. */
export const twins = [
  ['cpus', ['resources', 'limits', 'cpus']],
  ['mem_limit', ['resources', 'limits', 'memory']],
  ['mem_reservation', ['resources', 'reservations', 'memory']],
  ['pids_limit', ['resources', 'limits', 'pids']],
  ['scale', ['replicas']],
] as const

type Fields = Readonly<Record<string | number, unknown>> | undefined

/** The value at a path below `deploy`. */
export function deployValue({ deploy }: Service, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (node as Fields)?.[key], deploy)
}

/** Whether a value below `deploy` equals the one in its other place, where a fault is reported. */
export function isTwin(file: ComposeFile, [section, name, deploy, ...rest]: Path): boolean {
  if (section !== 'services' || deploy !== 'deploy') return false
  const twin = twins.find(([, path]) => String(path) === String(rest))
  const service: Service | undefined = twin && file.services?.[name!]
  if (!twin || !service) return false
  return service[twin[0]] === deployValue(service, rest)
}
