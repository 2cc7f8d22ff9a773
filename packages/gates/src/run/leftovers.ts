import { hostname } from 'node:os'
import { UserError } from '@erlmcp/core'
import { docker, mustDocker } from './docker.ts'

/** Labels of the containers of gates. */
const projectLabel = 'dev.erlmcp.gates.project'
const ownerLabel = 'dev.erlmcp.gates.owner'

/** What marks the containers of this process's run over a project. */
export function labelsOf(root: string): Record<string, string> {
  return { [projectLabel]: root, [ownerLabel]: `${process.pid}@${hostname()}` }
}

/**
 * Removes what a run left behind that was killed before it could.
 *
 * @throws UserError when another run over the same project is still going on
 */
export async function removeLeftovers(root: string): Promise<void> {
  const format = `{{.ID}} {{.Label "${ownerLabel}"}}`
  const list = ['ps', '--all', '--filter', `label=${projectLabel}=${root}`, '--format', format]
  const rows = (await mustDocker(list, root)).split('\n').filter(Boolean)
  for (const row of rows) {
    const [id = '', owner = ''] = row.split(' ')
    const [pid, host] = owner.split('@')
    if (host === hostname() && Number(pid) !== process.pid && isAlive(Number(pid))) {
      throw new UserError({
        what: `process ${pid} is running gates of this project`,
        help: `Wait until it is done. If it is something else, remove its container: docker rm -f ${id}`,
        kind: 'environment',
      })
    }
    await docker(['rm', '--force', '--volumes', id], root)
  }
}

/** Removes every container of this process's run. */
export async function removeOwn(root: string): Promise<void> {
  const owner = labelsOf(root)[ownerLabel]!
  const list = ['ps', '--all', '--quiet', '--filter', `label=${ownerLabel}=${owner}`]
  const ids = (await docker(list, root)).stdout.split('\n').filter(Boolean)
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids], root)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
