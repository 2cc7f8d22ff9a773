import { docker, type RunOptions, runDocker } from './run.ts'

/**
 * Lists the ids of containers.
 *
 * @param filters as `docker ps --filter` takes them, such as `volume=data`. A container must match one
 *   of each key
 * @param options.all whether stopped containers are listed too. Default: false
 * @example
 * await listContainers(['label=com.docker.compose.project=shop'], { all: true })
 */
export async function listContainers(
  filters: readonly string[],
  options: RunOptions & { readonly all?: boolean; readonly label?: string } = {},
): Promise<readonly string[]> {
  const { all = false, label = 'docker ps', ...rest } = options
  const words = ['ps', '--quiet', '--no-trunc', ...(all ? ['--all'] : [])]
  const selected = filters.flatMap((filter) => ['--filter', filter])
  return (await docker([...words, ...selected], { label, ...rest })).split('\n').filter(Boolean)
}

/** Inspects containers. One that was removed since its id was listed is left out. */
export async function inspectContainers<Inspection>(
  ids: readonly string[],
  options: RunOptions = {},
): Promise<readonly Inspection[]> {
  if (ids.length === 0) return []
  const { stdout } = await runDocker(['inspect', '--type', 'container', ...ids], options)
  return JSON.parse(stdout || '[]')
}
