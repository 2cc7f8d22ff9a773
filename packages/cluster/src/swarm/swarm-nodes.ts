import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'

/** One node of a swarm. */
export interface SwarmNode {
  readonly id: string
  readonly name: string
  /** Whether it is ready and active. */
  readonly takesTasks: boolean
}

/**
 * Lists the nodes of the swarm whose manager the docker command reaches.
 *
 * @throws UserError where it reaches no manager
 */
export async function listSwarmNodes(root: string): Promise<readonly SwarmNode[]> {
  const reply = await docker(['info', '--format', '{{json .Swarm}}'], { cwd: root, timeout: 30 })
  const { ControlAvailable, LocalNodeState } = JSON.parse(reply) as {
    ControlAvailable?: boolean
    LocalNodeState?: string
  }
  if (!ControlAvailable) {
    throw new UserError({
      message:
        LocalNodeState === 'active'
          ? 'the engine is a worker of a swarm, not a manager'
          : 'the engine is not a manager of a swarm',
      hint: 'Select a manager with DOCKER_HOST or `docker context use`, or create a swarm: docker swarm init',
      kind: 'environment',
    })
  }
  const format = '{{.ID}} {{.Status}} {{.Availability}} {{.Hostname}}'
  const lines = await docker(['node', 'ls', '--format', format], { cwd: root, timeout: 30 })
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', status, availability, ...name] = line.split(' ')
      const takesTasks = status === 'Ready' && availability === 'Active'
      return { id, name: name.join(' '), takesTasks }
    })
}
