import { deferred, run, type StepValue, uses } from '@erlmcp/workflow'

/** How a job of a workflow gets `erlmcp`. */
export interface SetupOptions {
  /** Node.js for actions/setup-node. Default: `22`. */
  readonly node?: string
  /**
   * What installs the project's packages, `erlmcp` among them. Default: what the project's package
   * manager does with its lock file, such as `npm ci`.
   */
  readonly install?: string
}

/** A checkout, and the packages of its lock file. */
export function setup(options: SetupOptions, depth?: number): StepValue[] {
  return [
    uses('actions/checkout', depth === undefined ? {} : { with: { 'fetch-depth': depth } }),
    uses('actions/setup-node', { with: { 'node-version': options.node ?? '22' } }),
    run(options.install ?? deferred(({ install }) => install), {
      name: 'Install erlmcp',
      'working-directory': inProject,
    }),
  ]
}

/** Where the project's commands run. */
export const inProject = deferred(({ workingDirectory }) => workingDirectory)
