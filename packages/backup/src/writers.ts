import { inspectContainers, listContainers } from '@erlmcp/docker'

interface Inspected {
  readonly Id: string
  readonly Mounts: readonly { readonly Name?: string; readonly RW: boolean }[]
}

/** Finds running containers, of any project, that can write to one of these volumes. */
export async function findWriters(volumes: readonly string[]): Promise<readonly string[]> {
  if (volumes.length === 0) return []
  const mounted = volumes.map((volume) => `volume=${volume}`)
  const ids = await listContainers(['status=running', ...mounted])
  return (await inspectContainers<Inspected>(ids))
    .filter(({ Mounts }) => Mounts.some(({ Name = '', RW }) => RW && volumes.includes(Name)))
    .map(({ Id }) => Id)
}
