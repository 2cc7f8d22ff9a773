import { type Document, ORIGIN, type Origin, originOf, type Source, UserError } from '@erlmcp/core'
import type { ActionFile } from '../document.ts'
import { actionFormat } from '../format.ts'
import { renderAction } from '../render/action.ts'
import type { Expression } from './expression.ts'
import type { InputsValue } from './inputs.ts'
import { type LocalOptions, localKeys } from './local-prefix.ts'
import type { StepValue } from './step.ts'
import { validateInputs, validateOutputs } from './validate-declarations.ts'
import { validateKeys } from './validate-keys.ts'

/** What a composite action is written as. */
export interface ActionSpec<Output extends string = string> {
  readonly name: string
  readonly description: string
  readonly inputs?: InputsValue
  /** Outputs of its steps. */
  readonly outputs?: {
    readonly [Name in Output]: { readonly description?: string; readonly value: Expression }
  }
  readonly steps: readonly StepValue[]
}

/** A composite action of this repository as a value: a step `uses` it. */
export interface CompositeAction<Output extends string = string> extends Source {
  readonly kind: 'composite'
  /** The file, relative to the project. */
  readonly path: string
  readonly spec: ActionSpec<Output>
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A composite action of this repository. Its file comes with every workflow that uses it.
 *
 * @param path of the file, relative to the project: `.github/actions/setup/action.yml`
 * @param options for a server of your own: `{ local: './' }`
 * @throws UserError for a path that GitHub would not look at
 * @example
 * const setup = compositeAction('.github/actions/setup/action.yml', {
 *   name: 'Setup',
 *   description: 'What every job begins with',
 *   steps: [uses('docker/setup-buildx-action'), run('docker buildx version')],
 * })
 * job('build', { steps: [uses('actions/checkout'), uses(setup)], … })
 */
export function compositeAction<const Output extends string = never>(
  path: string,
  spec: ActionSpec<Output>,
  options: LocalOptions = {},
): CompositeAction<Output> {
  const origin = originOf(compositeAction)
  if (!/(?:^|\/)action\.ya?ml$/.test(path)) {
    throw new UserError({
      message: `${JSON.stringify(path)} is not where an action is looked for`,
      hint: 'Name the file action.yml, in a folder of its own.',
      origin,
    })
  }
  validateInputs(path, spec.inputs, ['inputs'], origin)
  validateOutputs(path, spec.outputs, ['outputs'], origin)
  validateKeys(`the options of ${path}`, options, localKeys, origin)
  const value: CompositeAction<Output> = Object.freeze({
    kind: 'composite',
    path,
    spec: Object.freeze(spec),
    [ORIGIN]: origin,
    *documents(context): Iterable<Document> {
      const rendered = renderAction(value, context, options)
      yield { path, format: actionFormat, data: rendered.file } satisfies Document<ActionFile>
      for (const one of rendered.sources) yield* one.documents(context)
    },
  } satisfies CompositeAction<Output>)
  return value
}
