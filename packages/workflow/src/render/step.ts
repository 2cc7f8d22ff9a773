import { posix } from 'node:path'
import { COMMENT, COMMENTS, ORIGIN, type Origin, UserError } from '@erlmcp/core'
import { isCodeInput } from '../actions/code-inputs.ts'
import { pinOf } from '../actions/lock.ts'
import type { ParallelStep, PermissionMap, Step } from '../schema/document.gen.ts'
import { isDeferred, isExpression, isTextValue } from '../values/expression.ts'
import type { InputSpec } from '../values/inputs.ts'
import {
  type ActionReference,
  bodyOf,
  type RunOptions,
  type UsesOptions,
  validateScript,
} from '../values/step.ts'
import type { StepValue } from '../values/value-types.ts'
import {
  addUnknownKeys,
  isFull,
  renderData,
  renderEnv,
  renderIf,
  renderText,
  renderValues,
  type Scope,
} from './scope.ts'

/** Steps as the file has them. Each may refer to those before it. */
export function renderSteps(steps: readonly StepValue[], scope: Scope): Step[] {
  const before = new Set(scope.steps)
  const ids = new Map<string, StepValue>()
  const inner = { ...scope, steps: before }
  return steps.map((step) => renderStep(step, inner, ids, before))
}

/**
 * Scripts run in the folder of the stack, as all paths of a stack are relative to it. The folder
 * exists only after a checkout; the root of the repository, '', needs no key.
 */
export function inFolder(steps: readonly Step[], folder: string, after = false): Step[] {
  let isThere = after
  return steps.map((step) => {
    if (step.parallel) {
      const parallel = inFolder(step.parallel, folder, isThere).filter(isForeground)
      return { ...step, parallel } as Step
    }
    if (isCheckout(step)) isThere = true
    if (step.run === undefined) return step
    const { 'working-directory': given = isThere ? folder : '', ...rest } = step
    return { ...rest, ...(given !== '' && { 'working-directory': given }) } as Step
  })
}

function isCheckout({ uses = '', with: given = {} }: Step): boolean {
  return (
    uses.startsWith('actions/checkout@') && !(typeof given === 'object' && given && 'path' in given)
  )
}

function renderStep(
  step: StepValue,
  scope: Scope,
  ids: Map<string, StepValue>,
  before: Set<object>,
): Step {
  const origin = step[ORIGIN]
  const body = bodyOf(step)
  if (step.id !== undefined) claimId(step.id, step, ids, scope)
  const node = {
    ...(step.id !== undefined && { id: step.id }),
    ...renderBody(step, scope, ids, before),
  }
  before.add(body)
  const options = body.kind === 'parallel' ? {} : body.options
  const whole = addUnknownKeys(node, options, scope, origin)
  return Object.assign(whole, {
    [ORIGIN]: origin,
    ...(options.comment !== undefined && { [COMMENT]: options.comment }),
  }) as Step
}

/** True for every step that `parallel` accepts. */
function isForeground(step: Step): step is ParallelStep['parallel'][number] {
  return ('run' in step || 'uses' in step) && step.background === undefined
}

/** @throws UserError for an id that another step of the job has; ids do not differ by case alone */
function claimId(id: string, step: StepValue, ids: Map<string, StepValue>, scope: Scope): void {
  const known = ids.get(id.toLowerCase())
  ids.set(id.toLowerCase(), step)
  if (known === undefined) return
  throw new UserError({
    message: `${scope.place}: duplicate step id ${id}`,
    hint: 'Rename one of the steps.',
    origin: step[ORIGIN],
  })
}

function renderBody(
  step: StepValue,
  scope: Scope,
  ids: Map<string, StepValue>,
  before: Set<object>,
): Partial<Step> {
  const body = bodyOf(step)
  const origin = step[ORIGIN]
  if (body.kind === 'parallel') {
    // Steps that run at once cannot refer to each other.
    const outside = new Set(before)
    const inner = { ...scope, steps: outside }
    const steps = body.steps.map((one) => renderStep(one, inner, ids, before))
    return { parallel: steps.filter(isForeground) }
  }
  if (body.kind === 'run') {
    const { options } = body
    const script = isDeferred(body.script) ? body.script.of(scope.project) : body.script
    validateScript(script, origin)
    const run = isTextValue(script) ? renderText(script, scope, origin) : script
    return { run, ...common(options, scope, origin) }
  }
  if (body.kind === 'uses') {
    const { action, options } = body
    return {
      ...renderUses(action, scope, origin),
      ...withInputs(action, options, scope, origin),
      ...common(options, scope, origin),
    }
  }
  const { comment: _, ...options } = body.options
  const controls = renderData(options, scope, origin) as object
  if (body.kind === 'wait-all') return { 'wait-all': true, ...controls }
  const targets = body.kind === 'wait' ? body.steps : [body.step]
  for (const target of targets) validateStepOrder(target, scope, origin)
  const names = targets.map((target) => target.id!)
  if (body.kind === 'cancel') return { cancel: names[0]!, ...controls }
  return { wait: names.length === 1 ? names[0]! : names, ...controls }
}

function validateStepOrder(target: StepValue, scope: Scope, origin: Origin | undefined): void {
  if (scope.steps.has(target.body)) return
  throw new UserError({
    message: `${scope.place} waits for the step ${target.id}, which does not come before it`,
    hint: 'Move that step before it in the same job.',
    origin,
  })
}

function common(
  options: RunOptions<string> | UsesOptions<string>,
  scope: Scope,
  origin: Origin | undefined,
): object {
  const { env, if: condition, id: _, outputs: __, comment: ___, ...rest } = options
  const { with: ____, ...plain } = rest as typeof rest & { with?: unknown }
  return {
    ...(condition !== undefined && { if: renderIf(condition, scope, origin) }),
    ...(renderData(plain, scope, origin) as object),
    ...(isFull(env) && { env: renderEnv(env, scope, origin) }),
  }
}

function withInputs(
  action: ActionReference,
  options: UsesOptions<string>,
  scope: Scope,
  origin: Origin | undefined,
): object {
  const defaults = nameOf(action) === 'actions/checkout' ? { 'persist-credentials': false } : {}
  const given = { ...defaults, ...options.with }
  validateCodeInputs(action, given, origin)
  if (typeof action === 'object' && action.kind === 'composite') {
    const declared = action.spec.inputs?.spec ?? {}
    validateInputNames(action.path, Object.keys(declared), given, origin)
    validateRequiredInputs(action.path, declared, given, origin)
  }
  if (Object.keys(given).length === 0) return {}
  return { with: renderValues(given, scope, origin) }
}

/** Inputs that an action runs as code take no expression, like a script. */
function validateCodeInputs(
  action: ActionReference,
  given: object,
  origin: Origin | undefined,
): void {
  const name = nameOf(action) ?? ''
  for (const [input, value] of Object.entries(given)) {
    const plain = isTextValue(value) && value.parts.every((part) => typeof part === 'string')
    if (!isCodeInput(name, input) || plain || !(isTextValue(value) || isExpression(value))) continue
    throw new UserError({
      message: `${input} of ${name} is code, and code takes no expression`,
      hint: 'Pass the value in env, and read the variable in the code.',
      origin,
    })
  }
}

/** @throws UserError for an undeclared input */
export function validateInputNames(
  of: string,
  known: readonly string[],
  given: object,
  origin: Origin | undefined,
): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new UserError({
    message: `${of}: unknown input ${unknown}`,
    hint: known.length > 0 ? `Use one of ${known.join(', ')}.` : 'Remove it: there are no inputs.',
    origin,
  })
}

/** @throws UserError for a missing input that is required and has no default */
function validateRequiredInputs(
  of: string,
  declared: { readonly [name: string]: InputSpec },
  given: object,
  origin: Origin | undefined,
): void {
  const [name] =
    Object.entries(declared).find(
      ([name, { required, default: otherwise }]) =>
        required === true && otherwise === undefined && !(name in given),
    ) ?? []
  if (name === undefined) return
  throw new UserError({
    message: `${of} requires the input ${name}`,
    hint: `Pass it: \`uses(action, { with: { ${name}: … } })\`.`,
    origin,
  })
}

function nameOf(action: ActionReference): string | undefined {
  if (typeof action === 'object') return action.kind === 'pin' ? action.action : undefined
  return /^[.$]\/|^docker:/.test(action) ? undefined : action
}

/** `uses`, with the version as a comment. */
export function renderUses(
  action: ActionReference,
  scope: Scope,
  origin: Origin | undefined,
): object {
  if (typeof action === 'object' && action.kind === 'composite') {
    scope.sources.add(action)
    return { uses: `${scope.local}${posix.dirname(action.path)}` }
  }
  const name = nameOf(action)
  if (name === undefined) return { uses: plainReference(action as string, origin) }
  const given = typeof action === 'object' && action.kind === 'pin' ? action : undefined
  const pinned = scope.lock.get(name) ?? given ?? pinOf(name, scope.lock)
  if (pinned === undefined) {
    throw new UserError({
      message: `missing pin of ${name}`,
      hint: howToPin(name, scope),
      origin,
    })
  }
  return { uses: `${name}@${pinned.sha}`, [COMMENTS]: { uses: pinned.tag } }
}

function howToPin(name: string, { lock }: Scope): string {
  const action = name.replace(/@.*/, '')
  if (pinOf(action, lock)) return `Write uses('${action}'): its commit comes from the lock.`
  const repository = action.split('/').slice(0, 2).join('/')
  return `Write uses(pin('${action}', TAG, COMMIT)): git ls-remote --tags https://github.com/${repository} prints both.`
}

/** A path of this repository, or an image by its digest. */
export function plainReference(reference: string, origin: Origin | undefined): string {
  const path = /^[.$]\/(?!.*\.\.)[\w@./-]*$/.test(reference)
  if (path || /^docker:\/\/\S+@sha256:[0-9a-f]{64}$/.test(reference)) return reference
  throw new UserError({
    message: `invalid action ${JSON.stringify(reference)}: expected a path of this repository or an image by its digest`,
    hint: 'Write ./path or $/path, or docker://image@sha256: and 64 hex digits.',
    origin,
  })
}

/** Permissions that actions are known to read with. */
const reads: Readonly<Record<string, PermissionMap>> = {
  'actions/checkout': { contents: 'read' },
}

/** Permissions to read that the steps are known to need; permissions to write are the author's. */
export function readBy(steps: readonly StepValue[]): PermissionMap {
  const all = steps.map(bodyOf).map((body): PermissionMap => {
    if (body.kind === 'parallel') return readBy(body.steps)
    if (body.kind !== 'uses') return {}
    const { action } = body
    if (typeof action === 'object' && action.kind === 'composite') return readBy(action.spec.steps)
    return reads[nameOf(action) ?? ''] ?? {}
  })
  return Object.assign({}, ...all)
}
