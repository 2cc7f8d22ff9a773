import { hostname } from 'node:os'
import { UserError } from '@erlmcp/core'
import { docker, inTime, mustDocker } from './docker.ts'

/** Labels of the containers of gates. */
const projectLabel = 'dev.erlmcp.gates.project'
const ownerLabel = 'dev.erlmcp.gates.owner'

const owner = `${process.pid}@${hostname()}`

/** What marks the containers of this process's run over a compose project. */
export function labelsOf(project: string): Record<string, string> {
  return { [projectLabel]: project, [ownerLabel]: owner }
}

/**
 * Removes what a run left behind that was killed before it could.
 *
 * @throws UserError when another run with the same volumes is still going on
 */
export async function removeLeftovers(root: string, project: string): Promise<void> {
  const format = `{{.ID}} {{.Label "${ownerLabel}"}}`
  const list = ['ps', '--all', '--filter', `label=${projectLabel}=${project}`, '--format', format]
  const rows = (await mustDocker(list, root)).split('\n').filter(Boolean)
  for (const row of rows) {
    const [id = '', of = ''] = row.split(' ')
    const [pid, host] = of.split('@')
    if (host === hostname() && Number(pid) !== process.pid && isAlive(Number(pid))) {
      throw new UserError({
        message: `process ${pid} is running gates of the compose project ${project}`,
        hint: `Wait until it is done. If it is something else, remove its container: docker rm -f ${id}`,
        kind: 'environment',
      })
    }
    await docker(['rm', '--force', '--volumes', id], root)
  }
}

/** Removes every container of this process's run. */
export async function removeOwn(root: string): Promise<void> {
  const list = ['ps', '--all', '--quiet', '--filter', `label=${ownerLabel}=${owner}`]
  const ids = (await docker(list, root, inTime())).stdout.split('\n').filter(Boolean)
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids], root, inTime())
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
