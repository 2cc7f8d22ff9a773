import { ORIGIN, originOf, UserError, validateOptions } from '@erlmcp/core'
import { type JobValue, requiredCheck, type WorkflowValue, workflow } from '@erlmcp/workflow'
import type { Gates } from '../gates.ts'
import type { GatesMatrix } from '../otp-matrix.ts'
import { gateJob, isNeeded, type Stage, stagesOf } from './gate-job.ts'
import { type GatesWorkflowOptions, gatesWorkflowSchema } from './gates-workflow-options.ts'
import { imageJob } from './image-job.ts'
import { machineOf } from './setup.ts'

/**
 * A workflow that builds the image once and then runs each gate on its own machine, stage by stage. The
 * evidence and the report of each gate are an artifact. Require the job `gate`: it fails unless every
 * gate passed, also if one was skipped.
 *
 * @param quality a set of gates, or `otpMatrix(…)`: then each gate runs on every release
 * @throws UserError for a matrix whose sets have different gates, a gate named like the last job, or an
 * unknown option
 * @example
 * export default stack('app', [image, quality, gatesWorkflow(quality), compose(…)])
 */
export function gatesWorkflow(
  quality: Gates | GatesMatrix,
  options: GatesWorkflowOptions = {},
): WorkflowValue {
  const origin = originOf(gatesWorkflow)
  validateOptions('gatesWorkflow(…)', options, gatesWorkflowSchema, origin)
  const sets = quality.kind === 'gates' ? [quality] : quality.sets
  const [first] = sets as readonly [Gates]
  const name = sets.length > 1 || first.name === 'gates' ? undefined : first.name
  const last = lastJob(name)
  const namesake = sets.flatMap(({ gates }) => gates).find((one) => one.name === last)
  if (namesake) {
    throw new UserError({
      message: `the gate ${last} has the name of the job that waits for all gates`,
      hint: 'Rename the gate.',
      origin: namesake[ORIGIN],
    })
  }
  const image = imageJob(sets, options)
  const stages = new Map<Stage, JobValue>()
  for (const stage of stagesOf(first.gates)) {
    const before = [...stages].filter(([one]) => isNeeded(one, stage)).map(([, job]) => job)
    stages.set(stage, gateJob(stage, sets, { ...options, needs: [image, ...before] }))
  }
  const jobs = [image, ...stages.values()]
  return workflow(options.path ?? `.github/workflows/gates${name ? `-${name}` : ''}.yml`, {
    name: name === undefined ? 'Gates' : `Gates ${name}`,
    on: {
      push: { branches: [...(options.branches ?? ['main'])] },
      pull_request: null,
      merge_group: null,
    },
    jobs: [
      requiredCheck(last, jobs as [JobValue, ...JobValue[]], {
        name: last,
        'runs-on': machineOf(options),
      }),
    ],
  })
}

/** Name of the check to require, which differs between workflows. */
function lastJob(set: string | undefined): string {
  return set === undefined ? 'gate' : `gate-${set}`
}
