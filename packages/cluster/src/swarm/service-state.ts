import { isDeepStrictEqual } from 'node:util'
import { UserError } from '@erlmcp/core'
import { docker, runDocker } from '@erlmcp/docker'
import { type SwarmDeployment, validateStackName } from './stack-file.ts'

/** A task that failed. */
export interface FailedTask {
  readonly id: string
  /** Such as `erlmcp.2 on engine1`. */
  readonly task: string
  readonly error: string
  /** Whether it belongs to the current definition of the service. */
  readonly current: boolean
}

/** State of a service of a stack. */
export interface ServiceState {
  /** With the name of the stack: `shop_erlmcp`. */
  readonly name: string
  readonly image: string
  /** Running tasks of the current definition. */
  readonly running: number
  readonly wanted: number
  /** Running tasks of the previous definition. */
  readonly outdated: number
  /** `updating`, `completed`, `paused`, `rollback_started` …; absent where it was never updated. */
  readonly update?: string
  readonly message?: string
  /** The newest first. */
  readonly failures: readonly FailedTask[]
  /** Whether a rollback would change the service. */
  readonly canRollBack: boolean
}

interface Inspected {
  readonly ID: string
  readonly Spec: { readonly Name: string; readonly TaskTemplate: TaskSpec }
  readonly PreviousSpec?: { readonly TaskTemplate: TaskSpec }
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string }
}

interface TaskSpec {
  readonly ContainerSpec?: { readonly Image?: string }
  readonly [key: string]: unknown
}

interface Task {
  readonly ID: string
  readonly ServiceID: string
  readonly NodeID?: string
  readonly Slot?: number
  readonly CreatedAt: string
  readonly DesiredState: string
  readonly Spec: TaskSpec
  readonly Status: { readonly State: string; readonly Err?: string }
}

/**
 * Reads the state of all services of a stack.
 *
 * @throws UserError for an unknown stack and an invalid name
 */
export async function readStates(deployment: SwarmDeployment): Promise<readonly ServiceState[]> {
  const { root, stack } = deployment
  validateStackName(stack)
  const ask = async (...words: string[]) =>
    (await docker(words, { cwd: root, timeout: 60 })).trim().split('\n')
  const listed = await ask('stack', 'services', stack, '--format', '{{.ID}} {{.Replicas}}')
  const counts = new Map(listed.filter(Boolean).map((line) => [line.split(' ')[0]!, line] as const))
  if (counts.size === 0) {
    throw new UserError({
      message: `the swarm has no stack ${stack}`,
      hint: `Deploy it: erlmcp swarm deploy --name ${stack}. List the stacks with \`docker stack ls\`.`,
    })
  }
  const services: Inspected[] = JSON.parse(
    await docker(['service', 'inspect', ...counts.keys()], { cwd: root, timeout: 60 }),
  )
  // `docker stack ps` fails where there is no task: of a service with no replicas, or before the first.
  const ids = await ask('service', 'ps', ...counts.keys(), '--quiet', '--no-trunc')
  const tasks = await inspectTasks(ids.filter(Boolean), root)
  const hosts = await ask('node', 'ls', '--format', '{{.ID}} {{.Hostname}}')
  const nodes = new Map(hosts.map((line) => line.split(' ') as [string, string]))
  return services
    .map((service) => {
      const line = [...counts].find(([id]) => service.ID.startsWith(id))?.[1] ?? ''
      const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID)
      return stateOf(service, own, line, nodes)
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The swarm may have removed a task since it was listed. */
async function inspectTasks(ids: readonly string[], root: string): Promise<readonly Task[]> {
  if (ids.length === 0) return []
  const { stdout } = await runDocker(['inspect', '--type', 'task', ...ids], {
    cwd: root,
    timeout: 60,
  })
  return JSON.parse(stdout || '[]')
}

function stateOf(
  service: Inspected,
  tasks: readonly Task[],
  counts: string,
  nodes: ReadonlyMap<string, string>,
): ServiceState {
  const { Spec, PreviousSpec, UpdateStatus } = service
  const now = fingerprint(Spec.TaskTemplate)
  const isCurrent = (task: Task) => isDeepStrictEqual(fingerprint(task.Spec), now)
  const alive = tasks.filter(
    ({ DesiredState, Status }) => DesiredState === 'running' && Status.State === 'running',
  )
  const job = /\((\d+)\/(\d+) completed\)/.exec(counts)
  const [, , wanted = '0'] = /(\d+)\/(\d+)/.exec(counts) ?? []
  const update = UpdateStatus?.State
  const message = UpdateStatus?.Message
  return {
    name: Spec.Name,
    image: Spec.TaskTemplate.ContainerSpec?.Image ?? '',
    running: job ? Number(job[1]) : alive.filter(isCurrent).length,
    wanted: Number(job ? job[2] : wanted),
    outdated: alive.filter((task) => !isCurrent(task)).length,
    ...(update !== undefined && { update }),
    ...(message !== undefined && { message }),
    failures: tasks
      .filter(({ Status }) => isFailure(Status, job !== null))
      .sort((one, other) => (one.CreatedAt < other.CreatedAt ? 1 : -1))
      .map((task) => ({
        id: task.ID,
        task: `${Spec.Name}${task.Slot ? `.${task.Slot}` : ''} on ${nodes.get(task.NodeID ?? '') ?? 'no node'}`,
        error:
          task.Status.Err ??
          `it ${task.Status.State === 'complete' ? 'exited, or was unhealthy' : task.Status.State}`,
        current: isCurrent(task),
      })),
    canRollBack:
      PreviousSpec !== undefined && !isDeepStrictEqual(fingerprint(PreviousSpec.TaskTemplate), now),
  }
}

/** A service that completes has failed, such as an unhealthy one; a pending task may find no node. */
function isFailure({ State, Err }: Task['Status'], job: boolean): boolean {
  if (State === 'pending') return Err !== undefined
  return /^(?:failed|rejected)$/.test(State) || (State === 'complete' && !job)
}

/** The properties whose change replaces a task; the engine omits empty values and defaults. */
function fingerprint({ ContainerSpec, ForceUpdate = 0, Networks, Resources, LogDriver }: TaskSpec) {
  return pruned({ ContainerSpec, ForceUpdate, Networks, Resources, LogDriver })
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .map(([key, field]) => [key, pruned(field)] as const)
    .filter(([, field]) => !isEmpty(field))
  return Object.fromEntries(entries)
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
