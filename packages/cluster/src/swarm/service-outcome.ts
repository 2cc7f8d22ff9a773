import { lastLines, runDocker } from '@erlmcp/docker'
import { likelyReason, type Symptoms } from '../up/likely-cause.ts'
import { type ServiceState, statesOf } from './service-state.ts'
import type { SwarmDeployment } from './stack-file.ts'

/** What became of a service. */
export interface Verdict extends ServiceState {
  readonly ok: boolean
  /** In words, such as `3 of 3 run`. */
  readonly says: string
  /** Why not, where a task said so. */
  readonly reason?: string
}

export type Watch = (service: ServiceState, words: string) => void

export interface SettleOptions {
  /** How long it may take. Default: 600. */
  readonly seconds?: number
  /** Told whenever a service says something else than before. */
  readonly watch?: Watch
  /** Whether going back is what was asked for. */
  readonly rollback?: boolean
  /** Of these services alone. Default: all of the stack. */
  readonly services?: readonly string[]
}

/**
 * Waits until every service runs as it should, or went back. `docker stack deploy` and `docker service
 * update` end with 0 in both cases: which one it was is in the state of the update alone.
 *
 * @throws UserError when docker cannot be asked
 */
export async function settled(
  deployment: SwarmDeployment,
  options: SettleOptions = {},
): Promise<readonly Verdict[]> {
  const { seconds = 600, watch, rollback = false, services } = options
  const deadline = Date.now() + seconds * 1000
  const said = new Map<string, string>()
  for (;;) {
    const all = await statesOf(deployment)
    const states = services ? all.filter(({ name }) => services.includes(name)) : all
    for (const state of states) {
      const words = wordsOf(state)
      if (said.get(state.name) !== words) watch?.(state, words)
      said.set(state.name, words)
    }
    const late = Date.now() > deadline
    const judged = states.map((state) => ({ state, ok: judge(state, rollback) }))
    if (late || judged.every(({ ok }) => ok !== undefined)) {
      return Promise.all(
        judged.map(({ state, ok }) => verdictOf(state, ok, late && ok === undefined, deployment)),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/** Whether all is well with a service, or undefined while that is not known yet. */
export function judge(state: ServiceState, rollback = false): boolean | undefined {
  const { update = 'completed', running, wanted, outdated } = state
  if (/paused$/.test(update)) return false
  if (update === 'updating' || update === 'rollback_started') return undefined
  if (running < wanted || outdated > 0) return undefined
  return update === 'completed' || rollback
}

const words: Readonly<Record<string, string>> = {
  updating: 'updating',
  paused: 'the update is paused',
  rollback_started: 'going back to what ran before',
  rollback_paused: 'the rollback is paused',
  rollback_completed: 'went back to what ran before',
}

export function wordsOf({ running, wanted, outdated, update = '' }: ServiceState): string {
  const old = outdated > 0 ? `, ${outdated} as before` : ''
  const state = words[update] === undefined ? '' : `, ${words[update]}`
  return `${running} of ${wanted} run${old}${state}`
}

async function verdictOf(
  state: ServiceState,
  ok: boolean | undefined,
  late: boolean,
  { root }: SwarmDeployment,
): Promise<Verdict> {
  const says = `${wordsOf(state)}${late ? ', and the time is over' : ''}`
  if (ok) return { ...state, ok, says }
  // The message of an update names the task that ended it; it is of the service as it was to be.
  const named = state.failures.find(({ id }) => state.message?.includes(id))
  const [newest] = state.failures
  const failed = named ?? newest
  if (!failed) {
    return { ...state, ok: false, says, ...(state.message && { reason: state.message }) }
  }
  const logs = await runDocker(['service', 'logs', '--raw', '--tail', '5', failed.id], {
    cwd: root,
    timeout: 20,
  })
  const last = lastLines(logs.stdout + logs.stderr)
  const likely = likelyReason(symptomsOf(failed.error, last))
  const why = likely ? `\n  likely: ${likely.reason}\n  fix: ${likely.hint}` : ''
  const reason = `${failed.task}: ${failed.error}${last && `\n  ${last}`}${why}`
  return { ...state, ok: false, says, reason }
}

/** What a swarm tells of a task: `task: non-zero exit (1)`, `task: non-zero exit (137)` … */
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
