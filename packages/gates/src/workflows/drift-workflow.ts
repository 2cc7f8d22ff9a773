import { originOf, schema, validateOptions } from '@erlmcp/core'
import { deferred, job, run, type WorkflowValue, workflow } from '@erlmcp/workflow'
import {
  environmentOf,
  inProject,
  machineOf,
  type SetupOptions,
  setup,
  setupKeys,
} from './setup.ts'

export interface DriftWorkflowOptions extends SetupOptions {
  /** Default: `.github/workflows/drift.yml`. */
  readonly path?: `.github/workflows/${string}`
  /** Branches whose pushes are checked; pull requests and merge queues always are. Default: `main`. */
  readonly branches?: readonly string[]
}

const { anyList, object, string } = schema

const optionsSchema = object<DriftWorkflowOptions>({
  path: string,
  branches: anyList,
  ...setupKeys,
})

/**
 * A workflow that says no when a generated file differs from what the stack makes: somebody edited
 * it, or changed the stack and did not run synth.
 *
 * @throws UserError for an option that it does not have
 * @example
 * export default stack('app', [driftWorkflow(), compose('compose.yaml', [app])])
 */
export function driftWorkflow(options: DriftWorkflowOptions = {}): WorkflowValue {
  validateOptions('driftWorkflow(…)', options, optionsSchema, originOf(driftWorkflow))
  return workflow(options.path ?? '.github/workflows/drift.yml', {
    name: 'Drift',
    on: {
      push: { branches: [...(options.branches ?? ['main'])] },
      pull_request: null,
      merge_group: null,
    },
    jobs: [
      job('drift', {
        name: 'Drift',
        'runs-on': machineOf(options),
        ...environmentOf(options),
        'timeout-minutes': 10,
        steps: [
          ...setup(options),
          run(
            deferred(({ check }) => check),
            { name: 'The files are what the stack makes', 'working-directory': inProject },
          ),
        ],
      }),
    ],
  })
}
