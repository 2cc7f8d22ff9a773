import { ORIGIN, originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import { type JobValue, requiredCheck, type WorkflowValue, workflow } from '@erlmcp/workflow'
import type { Gates } from '../gates.ts'
import type { GatesMatrix } from '../otp-matrix.ts'
import { gateJob, isNeeded, type Stage, stagesOf } from './gate-job.ts'
import { imageJob } from './image-job.ts'
import { type LoginOptions, machineOf, type SetupOptions, setupKeys } from './setup.ts'

export interface GatesWorkflowOptions extends SetupOptions {
  /** Default: `.github/workflows/gates.yml`, or `gates-NAME.yml` for a set of another name. */
  readonly path?: `.github/workflows/${string}`
  /** Branches whose pushes are judged; pull requests and merge queues always are. Default: `main`. */
  readonly branches?: readonly string[]
  /** The registry of private images, and the names of the secrets that log in. Default: none. */
  readonly login?: LoginOptions & { readonly registry?: string }
  /**
   * Secret files that the gates or their dependencies read, by the names of the secrets in GitHub:
   * `{ 'hex-key': 'HEX_KEY' }` writes `secrets/hex-key`. Default: none.
   */
  readonly secrets?: Readonly<Record<string, string>>
  /** Whether `erlmcp secrets init` makes the other secret files. Default: where gates have any. */
  readonly secretsInit?: boolean
  /**
   * Secrets of the image's build (`RUN --mount=type=secret,id=…`), by the names of the secrets in
   * GitHub. They are in no layer, argument or log. Default: none.
   */
  readonly buildSecrets?: Readonly<Record<string, string>>
  /** Secret with a private key for `RUN --mount=type=ssh` of the image's build. Default: none. */
  readonly ssh?: string
}

const { anyList, anyObject, boolean, object, string } = schema

const optionsSchema = object<GatesWorkflowOptions>({
  path: string,
  branches: anyList,
  login: anyObject,
  secrets: anyObject,
  secretsInit: boolean,
  buildSecrets: anyObject,
  ssh: string,
  ...setupKeys,
})

/**
 * The workflow that runs gates: the image is built once, then the gates run side by side, stage by
 * stage as they need each other, each on a machine of its own. Evidence and report of each are an
 * artifact. The job `gate` is the one to require: it fails unless every gate is green, also when one
 * was skipped.
 *
 * @param quality a set of gates, or `otpMatrix(…)`: then each gate runs on every release
 * @throws UserError for a matrix whose sets have different gates, or an option that it does not have
 * @example
 * export default stack('app', [image, quality, gatesWorkflow(quality), compose(…)])
 */
export function gatesWorkflow(
  quality: Gates | GatesMatrix,
  options: GatesWorkflowOptions = {},
): WorkflowValue {
  const origin = originOf(gatesWorkflow)
  validateOptions('gatesWorkflow(…)', options, optionsSchema, origin)
  const sets = quality.kind === 'gates' ? [quality] : quality.sets
  const [first] = sets as readonly [Gates]
  const name = sets.length > 1 || first.name === 'gates' ? undefined : first.name
  const last = lastJob(name)
  const namesake = sets.flatMap(({ gates }) => gates).find((one) => one.name === last)
  if (namesake) {
    throw new UserError({
      message: `a gate is called ${last}, as the job that waits for all of them`,
      hint: 'Give it another name.',
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

/** The check to require; two workflows that both had a check `gate` could pass for each other. */
function lastJob(set: string | undefined): string {
  return set === undefined ? 'gate' : `gate-${set}`
}
