import { ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import type { InputOf } from '../actions/inputs.ts'
import type { Pin } from '../actions/pin.ts'
import { knownOutputs, type PinnedAction, pins } from '../actions/pins.ts'
import type { Env, If, MapOrExpression } from './author-type.ts'
import type { CompositeAction } from './composite-action.ts'
import {
  type Deferred,
  type Expression,
  isDeferred,
  rawExpression,
  type TextValue,
  type Value,
} from './expression.ts'
import { validateId } from './id.ts'
import { validateComment, validateKeys } from './validate-keys.ts'

/** What all steps have. */
interface StepOptions {
  /** Printed above the step, for whoever reads the file. Not a key of GitHub. */
  readonly comment?: string
  /** Shown in the log. Default: from what it runs. */
  readonly name?: Value
  /** Default: `success()`. */
  readonly if?: If
  /** Whether the job goes on when it fails. Default: `false`. */
  readonly 'continue-on-error'?: boolean | Expression
  /** Minutes until it is killed. Default: the job's. */
  readonly 'timeout-minutes'?: number | Expression
  /** Whether the next step starts at once. Default: `false`. */
  readonly background?: boolean
  readonly env?: MapOrExpression<Env>
}

/** Outputs need an id, by which expressions find them. */
type Identity<Output extends string> =
  | { readonly id?: string; readonly outputs?: never }
  | { readonly id: string; readonly outputs: readonly Output[] }

export type RunOptions<Output extends string = never> = StepOptions & {
  /** Default: `bash`, which ends at the first error, also within a pipe. */
  readonly shell?: string
  /**
   * From the root of the repository. Default: the folder of the stack, after a checkout; no step has
   * one where the stack is at the root.
   */
  readonly 'working-directory'?: Value | Deferred
} & Identity<Output>

export type UsesOptions<
  Output extends string = never,
  Input extends string = string,
> = StepOptions & {
  /** Inputs of the action. */
  readonly with?: { readonly [Name in Input]?: Value | Deferred }
} & Identity<Output>

/** An action that can be named: pinned, of this repository, or an image by its digest. */
export type ActionReference =
  | PinnedAction
  | Pin
  | CompositeAction
  | `./${string}`
  | `$/${string}`
  | `docker://${string}@sha256:${string}`

/** A step as a value. Its outputs are expressions. */
export interface StepValue<Output extends string = string> {
  readonly kind: 'step'
  readonly id?: string | undefined
  readonly body: StepBody
  readonly outputs: { readonly [Name in Output]: Expression }
  /** `success`, `failure`, `cancelled` or `skipped`, before `continue-on-error`. */
  readonly outcome?: Expression | undefined
  readonly [ORIGIN]?: Origin | undefined
}

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

interface ControlOptions {
  /** Printed above the step. */
  readonly comment?: string
  readonly name?: Value
  readonly 'continue-on-error'?: boolean | Expression
}

const stepKeys = [
  ...(['id', 'name', 'if', 'continue-on-error', 'timeout-minutes', 'background'] as const),
  ...(['env', 'outputs', 'comment'] as const),
]
const runKeys = [...stepKeys, 'shell', 'working-directory'] satisfies (keyof RunOptions)[]
const usesKeys = [...stepKeys, 'with'] satisfies (keyof UsesOptions)[]

/** A script that the compiler knows must not hold an expression. */
type WithoutExpression<Script extends string> = Script extends `${string}\${{${string}`
  ? 'a script takes no expression: give it in env, and write $NAME'
  : Script

/**
 * A step that runs a script. A script takes no expressions: what it needs comes in `env`, so that
 * nothing that a stranger wrote (a title, a branch) is ever read as code. Text that means `${{`
 * itself is a {@link literal}.
 *
 * @throws UserError for an expression in the script, or an id that cannot be one
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
  if (!isDeferred(code)) refuseExpressions(code, origin)
  validateKeys('a step that runs a script', options ?? {}, runKeys, origin)
  validateComment('a step', options?.comment, origin)
  return created({ kind: 'run', script: code, options: options ?? {} }, options, origin)
}

/** @throws UserError for a script with an expression in it */
export function refuseExpressions(script: string | TextValue, origin: Origin | undefined): void {
  const expression =
    typeof script === 'string'
      ? script.includes('${{')
      : script.parts.some((part) => typeof part !== 'string')
  if (!expression) return
  throw new UserError({
    message: 'a script takes no expression: whoever chooses its value could write commands',
    hint: 'Give it in env, and write "$NAME" in the script. Text that means ${{ itself is literal(…).',
    origin,
  })
}

/**
 * A step that runs an action: one that is pinned by its commit (see {@link pin}), one of this
 * repository, or an image by its digest. A checkout leaves no credentials behind unless
 * `persist-credentials` says so.
 *
 * @throws UserError for an id that cannot be one, or an output that the action does not have
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
      message: `${nameOf(action)} has no output ${unknown}`,
      hint: known?.length ? `It has ${known.join(', ')}.` : 'It has none.',
      origin,
    })
  }
  validateKeys('a step that runs an action', options ?? {}, usesKeys, origin)
  validateComment('a step', options?.comment, origin)
  return created({ kind: 'uses', action, options: (options ?? {}) as UsesOptions }, options, origin)
}

/** The outputs that an action is known to have; of others any text. */
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
 * Waits for steps that run in the background.
 *
 * @throws UserError for a step that has no id or is not in the background
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
  return created({ kind: 'wait', steps: list, options }, {}, origin)
}

/** Waits for every step before it that runs in the background. */
export function waitAll(options: ControlOptions = {}): StepValue<never> {
  return created({ kind: 'wait-all', options }, {}, originOf(waitAll))
}

/**
 * Ends a step that runs in the background.
 *
 * @throws UserError for a step that has no id or is not in the background
 */
export function cancel(step: StepValue, options: ControlOptions = {}): StepValue<never> {
  const origin = originOf(cancel)
  validateBackground(step, origin)
  return created({ kind: 'cancel', step, options }, {}, origin)
}

/**
 * Runs steps at once, and waits for all of them.
 *
 * @throws UserError for a step that does not run something, or is in the background by itself
 * @example
 * parallel([run('make eunit'), run('make dialyzer')])
 */
export function parallel(steps: readonly StepValue[]): StepValue<never> {
  const origin = originOf(parallel)
  for (const { body } of steps) {
    const runs = body.kind === 'run' || body.kind === 'uses'
    if (runs && !body.options.background) continue
    throw new UserError({
      message: runs
        ? 'a step in parallel is in the background already'
        : `${body.kind} in parallel`,
      hint: 'In parallel stand steps that run a script or an action, without `background`.',
      origin,
    })
  }
  return created({ kind: 'parallel', steps: Object.freeze([...steps]) }, {}, origin)
}

function validateBackground(step: StepValue, origin: Origin): void {
  const { body } = step
  const inBackground = (body.kind === 'run' || body.kind === 'uses') && body.options.background
  if (inBackground && step.id !== undefined) return
  throw new UserError({
    message: inBackground
      ? 'a step without an id cannot be found'
      : 'that step is not in the background',
    hint: 'Give it an id and `background: true`, and this one comes after it.',
    origin,
  })
}

function created<Output extends string>(
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
