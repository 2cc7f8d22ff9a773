import { hostname } from 'node:os'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import { shortTimeout, tryDocker } from './engine.ts'

const projectLabel = 'dev.erlmcp.gates.project'
const ownerLabel = 'dev.erlmcp.gates.owner'

const owner = `${process.pid}@${hostname()}`

/** Options of docker for the labels of the containers of this process. */
export function labelsOf(project: string): readonly string[] {
  return ['--label', `${projectLabel}=${project}`, '--label', `${ownerLabel}=${owner}`]
}

/**
 * Removes the containers of a run that was killed.
 *
 * @throws UserError while another run uses the same volumes
 */
export async function removeLeftovers(root: string, project: string): Promise<void> {
  const format = `{{.ID}} {{.Label "${ownerLabel}"}}`
  const list = ['ps', '--all', '--filter', `label=${projectLabel}=${project}`, '--format', format]
  const rows = (await docker(list, { cwd: root, detached: true })).split('\n').filter(Boolean)
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
    await tryDocker(['rm', '--force', '--volumes', id], { cwd: root })
  }
}

/** Removes the containers of this process. */
export async function removeOwn(root: string): Promise<void> {
  const list = ['ps', '--all', '--quiet', '--filter', `label=${ownerLabel}=${owner}`]
  const ids = (await tryDocker(list, { cwd: root, signal: shortTimeout() })).stdout
    .split('\n')
    .filter(Boolean)
  if (ids.length > 0) {
    await tryDocker(['rm', '--force', '--volumes', ...ids], { cwd: root, signal: shortTimeout() })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
