import {
  type Difference,
  differences,
  type Plan,
  preview,
  type WriteOptions,
  write,
} from '@erlmcp/core'
import { type Project, pathFrom } from './project.ts'

/** How the files of all folders differ from what is made; paths are from the project's folder. */
export async function driftOf(project: Project): Promise<Difference[]> {
  const found: Difference[] = []
  for (const target of project.targets) {
    const { root, source, artifacts } = target
    const here = await differences(await preview(root, artifacts, { source }))
    found.push(...here.map((one) => ({ ...one, path: pathFrom(project, target, one.path) })))
  }
  return found
}

/**
 * Writes the files of all folders, or none where one of them is in the way.
 *
 * @returns what was done; with conflicts in it, what was not
 */
export async function writeProject(
  project: Project,
  { force }: Required<Pick<WriteOptions, 'force'>>,
): Promise<Plan> {
  const plans: Plan[] = []
  for (const target of project.targets) {
    const { root, source, artifacts } = target
    const { steps, ...rest } = await preview(root, artifacts, { source, force })
    const moved = steps.map((step) => ({ ...step, path: pathFrom(project, target, step.path) }))
    plans.push({ ...rest, steps: moved })
  }
  const plan = { ...plans[0]!, steps: plans.flatMap(({ steps }) => steps) }
  if (plan.steps.some(({ action }) => action === 'conflict')) return plan
  if (project.write) project.write({ force })
  else {
    for (const { root, source, artifacts } of project.targets) {
      await write(root, artifacts, { source, force })
    }
  }
  return plan
}
