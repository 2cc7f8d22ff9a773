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

/** Differences between a stack and the files and machines. */
export interface Drift {
  /** Files of all folders that differ; paths are relative to the folder of the project. */
  readonly drift: readonly Difference[]
  /** State on machines that the stacks no longer have. */
  readonly left: readonly LeftBehind[]
}

export async function findDrift(project: Project): Promise<Drift> {
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
 * Writes the files of all folders, or none if one of them conflicts.
 *
 * @returns what was written, or, if a step is a conflict, what was not
 */
export async function writeProject(project: Project, options: HostWriteOptions): Promise<Plan> {
  const plans: Plan[] = []
  for (const target of project.targets) {
    const { root, artifacts, ...own } = target
    const { steps, ...rest } = await preview(root, artifacts, { ...own, ...options })
    const moved = steps.map((step) => ({ ...step, path: pathFrom(project, target, step.path) }))
    plans.push({ ...rest, steps: moved })
  }
  const plan = {
    ...plans[0]!,
    steps: plans.flatMap(({ steps }) => steps),
    left: plans.flatMap(({ left }) => left),
  }
  if (plan.steps.some(({ action }) => action === 'conflict')) return plan
  if (project.write) project.write(options)
  else {
    for (const { root, artifacts, ...own } of project.targets) {
      await write(root, artifacts, { ...own, ...options })
    }
  }
  return plan
}
