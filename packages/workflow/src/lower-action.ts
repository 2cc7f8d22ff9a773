import { ORIGIN, type Origin, type ProjectContext, type Source, UserError } from '@erlmcp/core'
import type { ActionSpec } from './composite.ts'
import type { ActionFile, ActionInput, CompositeStep, Step } from './document.ts'
import type { InputSpec } from './inputs.ts'
import type { Lock } from './lock.ts'
import { inFolder, lowerSteps } from './lower-step.ts'
import { expressionsOf, pathsIn } from './rules/reading/expressions.ts'
import { lowerData, type Scope } from './scope.ts'

interface Written {
  readonly path: string
  readonly spec: ActionSpec
  readonly [ORIGIN]?: Origin | undefined
}

/** A composite action as it stands in the file, and the sources of the files that it uses. */
export function lowerAction(
  { path, spec, [ORIGIN]: origin }: Written,
  lock: Lock,
  project: ProjectContext,
): { readonly file: ActionFile; readonly sources: ReadonlySet<Source> } {
  const { name, description, inputs, outputs } = spec
  const scope: Scope = {
    place: `action ${path}`,
    lock,
    project,
    folder: '',
    steps: new Set(),
    inputs: new Set(inputs ? [inputs.spec] : []),
    sources: new Set(),
  }
  const steps = inFolder(lowerSteps(spec.steps, scope), '').map((step) => composite(step, path))
  const after = { ...scope, steps: new Set(spec.steps.map(({ what }) => what)) }
  const file: ActionFile = {
    name,
    description,
    ...(inputs && { inputs: actionInputs(inputs.spec) }),
    ...(outputs && {
      outputs: lowerData(outputs, after, origin) as NonNullable<ActionFile['outputs']>,
    }),
    runs: { using: 'composite', steps },
  }
  refuseForeign(file, path, origin)
  return { file: Object.assign(file, { [ORIGIN]: origin }), sources: scope.sources }
}

/** What a composite action can see (metadata syntax, "runs.steps"). */
const contexts = ['github', 'inputs', 'strategy', 'matrix', 'steps', 'job', 'runner', 'env']

/** GitHub refuses an action with another context, when the job that uses it has begun. */
function refuseForeign(file: ActionFile, path: string, origin: Origin | undefined): void {
  for (const { code, node } of expressionsOf(file)) {
    const [foreign] = (node ? pathsIn(node) : []).find(([name]) => !contexts.includes(name!)) ?? []
    if (foreign === undefined) continue
    throw new UserError({
      what: `the action ${path} uses ${code}, and an action has no ${foreign}`,
      help: 'Give it as an input of the action.',
      origin,
    })
  }
}

/** A composite action's inputs have no type: all are text. */
function actionInputs(spec: { readonly [name: string]: InputSpec }): {
  [name: string]: ActionInput
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
      what: `a step of the action ${path} has ${unfit}, which composite actions do not know`,
      help: 'Say it in the job that uses the action.',
      origin: (step as { [ORIGIN]?: object })[ORIGIN],
    })
  }
  return ('run' in step ? { shell: 'bash', ...step } : step) as CompositeStep
}
