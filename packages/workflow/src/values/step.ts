import {
  schema as kit,
  ORIGIN,
  type Origin,
  originOf,
  type Source,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import type { InputOf } from '../actions/inputs.ts'
import type { Pin } from '../actions/pin.ts'
import { knownOutputs, type PinnedAction, pins } from '../actions/pins.ts'
import type { ActionSpec, RunStepSpec, UsesStepSpec } from '../schema/author.gen.ts'
import { authorSchema } from '../schema/author-schema.ts'
import { expressionValue, value } from '../schema/scalars.ts'
import { runStep, usesStep } from '../schema/step.ts'
import {
  type Deferred,
  type Expression,
  isDeferred,
  rawExpression,
  type TextValue,
  type Value,
} from './expression.ts'
import { validateId } from './id.ts'
import type { StepValue } from './value-types.ts'

/** Outputs need an id, by which expressions find them. */
type Identity<Output extends string> =
  | { readonly id?: string; readonly outputs?: never }
  | { readonly id: string; readonly outputs: readonly Output[] }

/** Options of a step that runs a script. */
export type RunOptions<Output extends string = never> = RunStepSpec & Identity<Output>

/** Options of a step that runs an action. */
export type UsesOptions<
  Output extends string = never,
  Input extends string = string,
> = UsesStepSpec<Input> & Identity<Output>

/** A composite action of this repository as a value: a step `uses` it. */
export interface CompositeAction<Output extends string = string> extends Source {
  readonly kind: 'composite'
  /** The file, relative to the project. */
  readonly path: string
  /** Its options, as the author wrote them. */
  readonly spec: ActionSpec<Output>
  readonly [ORIGIN]?: Origin | undefined
}

/** An action that can be named: pinned, of this repository, or an image by its digest. */
export type ActionReference =
  | PinnedAction
  | Pin
  | CompositeAction
  | `./${string}`
  | `$/${string}`
  | `docker://${string}@sha256:${string}`

/** What a step does. */
export type StepBody =
  | {
      readonly kind: 'run'
      readonly script: string | TextValue | Deferred
      readonly options: RunOptions<string>
    }
  | {
      readonly kind: 'uses'
      readonly action: ActionReference
      readonly options: UsesOptions<string>
    }
  | {
      readonly kind: 'wait'
      readonly steps: readonly StepValue[]
      readonly options: ControlOptions
    }
  | { readonly kind: 'wait-all'; readonly options: ControlOptions }
  | { readonly kind: 'cancel'; readonly step: StepValue; readonly options: ControlOptions }
  | { readonly kind: 'parallel'; readonly steps: readonly StepValue[] }

/** What a step does, as its author wrote it. */
export const bodyOf = (step: StepValue): StepBody => step.body as StepBody

interface ControlOptions {
  /** Printed above the step; not a key of GitHub. */
  readonly comment?: string
  /** Shown in the log. */
  readonly name?: Value
  /** Whether the job goes on when it fails. Default: `false`. */
  readonly 'continue-on-error'?: boolean | Expression
}

const controlOptions = kit.object<ControlOptions>({
  comment: kit.string,
  name: value,
  'continue-on-error': kit.union(kit.boolean, expressionValue),
})

/** A script in which the compiler sees no expression. */
type WithoutExpression<Script extends string> = Script extends `${string}\${{${string}`
  ? 'a script takes no expression: give it in env, and write $NAME'
  : Script

/**
 * A step that runs a script. A script takes no expressions: values reach it through `env`, so that
 * untrusted input (a title, a branch) is never read as code. Write text that contains `${{` as a
 * {@link literal}.
 *
 * @throws UserError for an expression in the script, and for every unknown or invalid option
 * @example
 * const version = run('echo "version=$(cat VERSION)" >> "$GITHUB_OUTPUT"', {
 *   id: 'version',
 *   outputs: ['version'],
 * })
 * run('make release VERSION="$VERSION"', { env: { VERSION: version.outputs.version } })
 */
export function run<const Script extends string, const Output extends string = never>(
  script: WithoutExpression<Script> | TextValue | Deferred,
  options?: RunOptions<Output>,
): StepValue<Output> {
  const origin = originOf(run)
  const code: string | TextValue | Deferred = script
  if (!isDeferred(code)) validateScript(code, origin)
  validateOptions('run(…)', options ?? {}, authorSchema(runStep), origin)
  return createStep({ kind: 'run', script: code, options: options ?? {} }, options, origin)
}

/** @throws UserError for a script with an expression in it */
export function validateScript(script: string | TextValue, origin: Origin | undefined): void {
  const hasExpression =
    typeof script === 'string'
      ? script.includes('${{')
      : script.parts.some((part) => typeof part !== 'string')
  if (!hasExpression) return
  throw new UserError({
    message: 'a script takes no expression: its value could contain commands',
    hint: 'Pass the value in env, and write "$NAME" in the script. Write ${{ as text with literal(…).',
    origin,
  })
}

/**
 * A step that runs an action: one that is pinned by its commit (see {@link pin}), one of this
 * repository, or an image by its digest. A checkout leaves no credentials behind unless
 * `persist-credentials` is set.
 *
 * @throws UserError for an output that the action does not have, and for every unknown or invalid
 * option
 * @example
 * uses('actions/checkout', { with: { 'fetch-depth': 0 } })
 */
export function uses<
  const Action extends ActionReference,
  const Output extends OutputOf<NoInfer<Action>> = never,
>(action: Action, options?: UsesOptions<Output, InputOf<NoInfer<Action>>>): StepValue<Output> {
  const origin = originOf(uses)
  const known = outputsOf(action)
  const unknown = known && options?.outputs?.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new UserError({
      message: `${nameOf(action)}: unknown output ${unknown}`,
      hint: known?.length
        ? `Use one of ${known.join(', ')}.`
        : 'Remove it: the action has no outputs.',
      origin,
    })
  }
  validateOptions('uses(…)', options ?? {}, authorSchema(usesStep), origin)
  const body = { kind: 'uses', action, options: (options ?? {}) as UsesOptions<string> } as const
  return createStep(body, options, origin)
}

/** The outputs that an action is known to have; any text for other actions. */
export type OutputOf<Action> = Action extends keyof typeof knownOutputs
  ? (typeof knownOutputs)[Action][number]
  : Action extends PinnedAction
    ? never
    : Action extends CompositeAction<infer Output>
      ? Output
      : string

function outputsOf(action: ActionReference): readonly string[] | undefined {
  if (typeof action === 'object') {
    return action.kind === 'composite' ? Object.keys(action.spec.outputs ?? {}) : undefined
  }
  const all: Readonly<Record<string, readonly string[]>> = knownOutputs
  if (Object.hasOwn(all, action)) return all[action]
  return Object.hasOwn(pins, action) ? [] : undefined
}

function nameOf(action: ActionReference): string {
  if (typeof action === 'string') return action
  return action.kind === 'pin' ? action.action : action.path
}

/**
 * Waits for background steps.
 *
 * @throws UserError for a step that has no id or does not run in the background
 * @example
 * const server = run('make serve', { id: 'server', background: true })
 * job('test', { steps: [server, run('make test'), cancel(server)] })
 */
export function wait(
  steps: StepValue | readonly StepValue[],
  options: ControlOptions = {},
): StepValue<never> {
  const list = 'kind' in steps ? [steps] : [...steps]
  const origin = originOf(wait)
  for (const step of list) validateBackground(step, origin)
  validateOptions('wait(…)', options, controlOptions, origin)
  return createStep({ kind: 'wait', steps: list, options }, {}, origin)
}

/** Waits for every background step before it. */
export function waitAll(options: ControlOptions = {}): StepValue<never> {
  const origin = originOf(waitAll)
  validateOptions('waitAll(…)', options, controlOptions, origin)
  return createStep({ kind: 'wait-all', options }, {}, origin)
}

/**
 * Stops a background step.
 *
 * @throws UserError for a step that has no id or does not run in the background
 */
export function cancel(step: StepValue, options: ControlOptions = {}): StepValue<never> {
  const origin = originOf(cancel)
  validateBackground(step, origin)
  validateOptions('cancel(…)', options, controlOptions, origin)
  return createStep({ kind: 'cancel', step, options }, {}, origin)
}

/**
 * Runs steps at once, and waits for all of them.
 *
 * @throws UserError for a step that runs neither a script nor an action, or has `background`
 * @example
 * parallel([run('make eunit'), run('make dialyzer')])
 */
export function parallel(steps: readonly StepValue[]): StepValue<never> {
  const origin = originOf(parallel)
  for (const body of steps.map(bodyOf)) {
    const runs = body.kind === 'run' || body.kind === 'uses'
    if (runs && !body.options.background) continue
    const reason = runs ? '`background` applies to a parallel step already' : body.kind
    throw new UserError({
      message: `invalid step in parallel(…): ${reason}`,
      hint: 'Use steps that run a script or an action, without `background`.',
      origin,
    })
  }
  return createStep({ kind: 'parallel', steps: Object.freeze([...steps]) }, {}, origin)
}

function validateBackground(step: StepValue, origin: Origin): void {
  const body = bodyOf(step)
  const isBackground = (body.kind === 'run' || body.kind === 'uses') && body.options.background
  if (isBackground && step.id !== undefined) return
  throw new UserError({
    message: isBackground ? 'the background step has no id' : 'the step is not a background step',
    hint: 'Give it an id and `background: true`.',
    origin,
  })
}

function createStep<Output extends string>(
  body: StepBody,
  identity: { readonly id?: string; readonly outputs?: readonly Output[] } | undefined,
  origin: Origin,
): StepValue<Output> {
  const { id, outputs = [] } = identity ?? {}
  if (id !== undefined) validateId('step', id, origin)
  Object.freeze(body)
  const of = (name: string): Expression =>
    rawExpression(`steps.${id}.${name}`, [{ kind: 'step', value: body, id: id! }])
  const entries = outputs.map((name) => [name, of(`outputs.${validateId('output', name, origin)}`)])
  return Object.freeze({
    kind: 'step',
    id,
    body,
    outputs: Object.freeze(Object.fromEntries(entries)),
    outcome: id === undefined ? undefined : of('outcome'),
    [ORIGIN]: origin,
  })
}
