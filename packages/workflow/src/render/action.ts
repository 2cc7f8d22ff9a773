import {
  defaultProject,
  ORIGIN,
  type Origin,
  type Source,
  type StackContext,
  UserError,
} from '@erlmcp/core'
import { readLock } from '../actions/lock.ts'
import { rememberBooleans } from '../model/boolean-inputs.ts'
import { expressionsOf, pathsIn } from '../model/expressions.ts'
import type { ActionSpec } from '../schema/author.gen.ts'
import type { ActionFile, CompositeStep, Step } from '../schema/document.gen.ts'
import { findContexts } from '../schema/find-contexts.ts'
import type { InputSpec } from '../values/inputs.ts'
import type { LocalOptions } from '../values/local-prefix.ts'
import { CalledFiles } from './called-files.ts'
import { renderData, type Scope, validatePlainText } from './scope.ts'
import { inFolder, renderSteps } from './step.ts'

/** What an action value is rendered from. */
interface ActionSource {
  readonly path: string
  readonly spec: ActionSpec
  readonly [ORIGIN]?: Origin | undefined
}

/** A composite action as the file has it, and the sources of the files that it uses. */
export function renderAction(
  { path, spec, [ORIGIN]: origin }: ActionSource,
  context: StackContext,
  { local = '$/' }: LocalOptions,
): { readonly file: ActionFile; readonly sources: ReadonlySet<Source> } {
  const { name, description, inputs, outputs } = spec
  const scope: Scope = {
    place: `action ${path}`,
    lock: readLock(context),
    project: context.project ?? defaultProject,
    folder: '',
    local,
    called: new CalledFiles(context),
    fileOf: noCalls,
    steps: new Set(),
    inputs: new Set(inputs ? [inputs.spec] : []),
    sources: new Set(),
  }
  const steps = inFolder(renderSteps(spec.steps, scope), '').map((step) => composite(step, path))
  const after = { ...scope, steps: new Set(spec.steps.map(({ body }) => body)) }
  validatePlainText(name, origin)
  validatePlainText(description, origin)
  const file: ActionFile = {
    name,
    description,
    ...(inputs && {
      inputs: renderData(actionInputs(inputs.spec), scope, origin) as NonNullable<
        ActionFile['inputs']
      >,
    }),
    ...(outputs && {
      outputs: renderData(outputs, after, origin) as NonNullable<ActionFile['outputs']>,
    }),
    runs: { using: 'composite', steps },
  }
  validateContexts(file, path, origin)
  const booleans = Object.entries(inputs?.spec ?? {}).filter(([, one]) => one.type === 'boolean')
  rememberBooleans(
    file,
    booleans.map(([name]) => name),
  )
  return { file: Object.assign(file, { [ORIGIN]: origin }), sources: scope.sources }
}

/** An action has steps, and no jobs that call. */
function noCalls(): never {
  throw new TypeError('an action cannot call a workflow')
}

/** GitHub rejects an action with another context only when the job that uses it runs. */
function validateContexts(file: ActionFile, path: string, origin: Origin | undefined): void {
  for (const { code, node, path: at } of expressionsOf(file)) {
    const allowed = findContexts(at, 'action') ?? []
    const [foreign] = (node ? pathsIn(node) : []).find(([name]) => !allowed.includes(name!)) ?? []
    if (foreign === undefined) continue
    throw new UserError({
      message: `the action ${path} uses ${code}: ${foreign} is not available at ${at.join('.')}`,
      hint: 'Pass it as an input of the action.',
      origin,
    })
  }
}

/** Inputs of a composite action have no type: all are text. */
function actionInputs(spec: { readonly [name: string]: InputSpec }): {
  readonly [name: string]: Omit<InputSpec, 'type' | 'options'>
} {
  return Object.fromEntries(
    Object.entries(spec).map(([name, { type: _, options: __, ...rest }]) => [name, rest]),
  )
}

function composite(step: Step, path: string): CompositeStep {
  const unfit = ['timeout-minutes', 'background', 'parallel', 'wait', 'wait-all', 'cancel'].find(
    (key) => key in step,
  )
  if (unfit !== undefined) {
    throw new UserError({
      message: `a step of the action ${path} has the key ${unfit}, which composite actions do not support`,
      hint: 'Set it in the job that uses the action.',
      origin: (step as { [ORIGIN]?: object })[ORIGIN],
    })
  }
  return ('run' in step ? { shell: 'bash', ...step } : step) as CompositeStep
}
