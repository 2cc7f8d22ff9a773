import {
  type Document,
  ORIGIN,
  type Origin,
  originOf,
  type Source,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { actionFormat } from '../format.ts'
import { renderAction } from '../render/action.ts'
import { actionSchema } from '../schema/action.ts'
import type { ActionSpec } from '../schema/author.gen.ts'
import { authorSchema } from '../schema/author-schema.ts'
import type { ActionFile } from '../schema/document.gen.ts'
import { type LocalOptions, localOptions } from './local-prefix.ts'
import type { CompositeAction } from './step.ts'
import { validateOutputs } from './validate-outputs.ts'

/**
 * A composite action of this repository. Its file comes with every workflow that uses it.
 *
 * @param path of the file, relative to the project: `.github/actions/setup/action.yml`
 * @param options for the server: `{ local: './' }`
 * @throws UserError for a path that GitHub ignores, and for every unknown or invalid key
 * @example
 * const setup = compositeAction('.github/actions/setup/action.yml', {
 *   name: 'Setup',
 *   description: 'First steps of every job',
 *   steps: [uses('docker/setup-buildx-action'), run('docker buildx version')],
 * })
 * job('build', { steps: [uses('actions/checkout'), uses(setup)], … })
 */
export function compositeAction<const Output extends string = never>(
  path: string,
  spec: ActionSpec<Output>,
  options: LocalOptions = {},
): CompositeAction<Output> {
  const origin: Origin = originOf(compositeAction)
  if (!/(?:^|\/)action\.ya?ml$/.test(path)) {
    throw new UserError({
      message: `invalid path of an action ${JSON.stringify(path)}: GitHub ignores it`,
      hint: 'Name the file action.yml, in a folder of its own.',
      origin,
    })
  }
  validateOptions(path, spec, authorSchema(actionSchema), origin)
  validateOutputs(path, spec.outputs, ['outputs'], origin)
  validateOptions(path, options, localOptions, origin)
  const value: CompositeAction<Output> & Source = Object.freeze({
    kind: 'composite',
    path,
    spec: Object.freeze(spec),
    [ORIGIN]: origin,
    *documents(context): Iterable<Document> {
      const { file, sources } = renderAction(value, context, options)
      yield { path, format: actionFormat, data: file } satisfies Document<ActionFile>
      for (const one of sources) yield* one.documents(context)
    },
  } satisfies CompositeAction<Output>)
  return value
}
