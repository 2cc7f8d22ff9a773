import type { Path } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'

/** What Compose reads in two places of a service, and refuses where they differ. */
export const twins = [
  ['cpus', ['resources', 'limits', 'cpus']],
  ['mem_limit', ['resources', 'limits', 'memory']],
  ['mem_reservation', ['resources', 'reservations', 'memory']],
  ['pids_limit', ['resources', 'limits', 'pids']],
  ['scale', ['replicas']],
] as const

/** Whether a value under `deploy` is the one of its other place: what is wrong is said there. */
export function isTwin(file: ComposeFile, [section, name, deploy, ...way]: Path): boolean {
  if (section !== 'services' || deploy !== 'deploy') return false
  const twin = twins.find(([, other]) => String(other) === String(way))
  const service: Service | undefined = twin && file.services?.[name!]
  if (!twin || !service) return false
  const there = way.reduce<unknown>((node, key) => (node as Fields)?.[key], service.deploy)
  return service[twin[0]] === there
}

type Fields = Readonly<Record<string | number, unknown>> | undefined
