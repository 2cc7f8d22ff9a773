import { hostname } from 'node:os'
import { UserError } from '@erlmcp/core'
import { docker, inTime, mustDocker } from './docker.ts'

const projectLabel = 'dev.erlmcp.gates.project'
const ownerLabel = 'dev.erlmcp.gates.owner'

const owner = `${process.pid}@${hostname()}`

/** Labels of the containers of this process. */
export function labelsOf(project: string): Record<string, string> {
  return { [projectLabel]: project, [ownerLabel]: owner }
}

/**
 * Removes the containers of a run that was killed.
 *
 * @throws UserError while another run uses the same volumes
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
        message: `process ${pid} runs gates of the compose project ${project}`,
        hint: `Wait until it ends. If it is another program, remove the container: docker rm -f ${id}`,
        kind: 'environment',
      })
    }
    await docker(['rm', '--force', '--volumes', id], root)
  }
}

/** Removes the containers of this process. */
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
