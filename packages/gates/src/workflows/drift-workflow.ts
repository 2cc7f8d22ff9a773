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
  /** Branches whose pushes are checked, besides pull requests and merge queues. Default: `main`. */
  readonly branches?: readonly string[]
}

const { anyList, object, string } = schema

const optionsSchema = object<DriftWorkflowOptions>({
  path: string,
  branches: anyList,
  ...setupKeys,
})

/**
 * A workflow that fails if a generated file differs from the stack: the file was edited, or the stack
 * was changed without running synth.
 *
 * @throws UserError for an unknown option
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
            { name: 'Compare the files with the stack', 'working-directory': inProject },
          ),
        ],
      }),
    ],
  })
}
