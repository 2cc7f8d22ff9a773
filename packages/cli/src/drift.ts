import {
  type Difference,
  differences,
  type HostWriteOptions,
  type LeftBehind,
  type Plan,
  preview,
  write,
} from '@erlmcp/core'
import { type Project, pathFrom } from './project.ts'

/** What a check finds beside diagnostics. */
export interface Drift {
  /** How the files of all folders differ from what is made; paths are from the project's folder. */
  readonly drift: readonly Difference[]
  /** What the stacks once had on a machine and no longer have. */
  readonly left: readonly LeftBehind[]
}

export async function driftOf(project: Project): Promise<Drift> {
  const drift: Difference[] = []
  const left: LeftBehind[] = []
  for (const target of project.targets) {
    const { root, artifacts, ...options } = target
    const plan = await preview(root, artifacts, options)
    const here = await differences(plan)
    drift.push(...here.map((one) => ({ ...one, path: pathFrom(project, target, one.path) })))
    left.push(...plan.left)
  }
  return { drift, left }
}

/**
 * Writes the files of all folders, or none where one of them is in the way.
 *
 * @returns what was done; with conflicts in it, what was not
 */
export async function writeProject(project: Project, how: HostWriteOptions): Promise<Plan> {
  const plans: Plan[] = []
  for (const target of project.targets) {
    const { root, artifacts, ...options } = target
    const { steps, ...rest } = await preview(root, artifacts, { ...options, ...how })
    const moved = steps.map((step) => ({ ...step, path: pathFrom(project, target, step.path) }))
    plans.push({ ...rest, steps: moved })
  }
  const plan = {
    ...plans[0]!,
    steps: plans.flatMap(({ steps }) => steps),
    left: plans.flatMap(({ left }) => left),
  }
  if (plan.steps.some(({ action }) => action === 'conflict')) return plan
  if (project.write) project.write(how)
  else {
    for (const { root, artifacts, ...options } of project.targets) {
      await write(root, artifacts, { ...options, ...how })
    }
  }
  return plan
}
