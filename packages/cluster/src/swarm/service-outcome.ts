import { lastLines, runDocker } from '@erlmcp/docker'
import { findLikelyCause, type Symptoms } from '../up/likely-cause.ts'
import { readStates, type ServiceState } from './service-state.ts'
import type { SwarmDeployment } from './stack-file.ts'

/** Outcome of a deployment for one service. */
export interface ServiceOutcome extends ServiceState {
  readonly ok: boolean
  /** Such as `3 of 3 run`. */
  readonly summary: string
  /** Why it failed, where a task tells. */
  readonly reason?: string
}

export type Watch = (service: ServiceState, words: string) => void

export interface WaitOptions {
  /** Time limit. Default: 600. */
  readonly seconds?: number
  /** Called when the summary of a service changes. */
  readonly watch?: Watch
  /** Whether a rollback counts as success. */
  readonly rollback?: boolean
  /** Names of the services to wait for. Default: all of the stack. */
  readonly services?: readonly string[]
}

/**
 * Waits until every service runs, or was rolled back. `docker stack deploy` and `docker service update`
 * exit 0 in both cases: only the state of the update tells.
 *
 * @throws UserError where docker fails
 */
export async function waitForServices(
  deployment: SwarmDeployment,
  options: WaitOptions = {},
): Promise<readonly ServiceOutcome[]> {
  const { seconds = 600, watch, rollback = false, services } = options
  const deadline = Date.now() + seconds * 1000
  const reply = new Map<string, string>()
  for (;;) {
    const all = await readStates(deployment)
    const states = services ? all.filter(({ name }) => services.includes(name)) : all
    for (const state of states) {
      const words = summarize(state)
      if (reply.get(state.name) !== words) watch?.(state, words)
      reply.set(state.name, words)
    }
    const late = Date.now() > deadline
    const judged = states.map((state) => ({ state, ok: isSettled(state, rollback) }))
    if (late || judged.every(({ ok }) => ok !== undefined)) {
      return Promise.all(
        judged.map(({ state, ok }) => outcomeOf(state, ok, late && ok === undefined, deployment)),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/** Whether a service has succeeded or failed; `undefined` while it is updating. */
export function isSettled(state: ServiceState, rollback = false): boolean | undefined {
  const { update = 'completed', running, wanted, outdated } = state
  if (/paused$/.test(update)) return false
  if (update === 'updating' || update === 'rollback_started') return undefined
  if (running < wanted || outdated > 0) return undefined
  return update === 'completed' || rollback
}

const words: Readonly<Record<string, string>> = {
  updating: 'updating',
  paused: 'the update is paused',
  rollback_started: 'rolling back',
  rollback_paused: 'the rollback is paused',
  rollback_completed: 'was rolled back',
}

export function summarize({ running, wanted, outdated, update = '' }: ServiceState): string {
  const old = outdated > 0 ? `, ${outdated} outdated` : ''
  const state = words[update] === undefined ? '' : `, ${words[update]}`
  return `${running} of ${wanted} run${old}${state}`
}

async function outcomeOf(
  state: ServiceState,
  ok: boolean | undefined,
  late: boolean,
  { root }: SwarmDeployment,
): Promise<ServiceOutcome> {
  const summary = `${summarize(state)}${late ? ', and the time limit is exceeded' : ''}`
  if (ok) return { ...state, ok, summary }
  // The message of an update names the task that failed it.
  const named = state.failures.find(({ id }) => state.message?.includes(id))
  const [newest] = state.failures
  const failed = named ?? newest
  if (!failed) {
    return { ...state, ok: false, summary, ...(state.message && { reason: state.message }) }
  }
  const logs = await runDocker(['service', 'logs', '--raw', '--tail', '5', failed.id], {
    cwd: root,
    timeout: 20,
  })
  const last = lastLines(logs.stdout + logs.stderr)
  const likely = findLikelyCause(symptomsOf(failed.error, last))
  const why = likely ? `\n  likely: ${likely.reason}\n  fix: ${likely.hint}` : ''
  const reason = `${failed.task}: ${failed.error}${last && `\n  ${last}`}${why}`
  return { ...state, ok: false, summary, reason }
}

/** Reads the error of a task: `task: non-zero exit (137)`. */
function symptomsOf(error: string, logs: string): Symptoms {
  const code = /exit \((\d+)\)/.exec(error)?.[1]
  return {
    state: code === undefined ? '' : 'exited',
    exitCode: Number(code ?? 0),
    outOfMemory: /\boom\b|out of memory/i.test(error),
    health: /unhealthy/.test(error) ? 'unhealthy' : '',
    ...{ error, logs, test: '', healthOutput: '', memory: 0 },
  }
}
